def window_action(records, name, **values):
    """Get the window action that shows records; the form where it is one.

    :param records: of any model
    :param name: the window's title
    :param values: other values of the action, which come first
    """
    action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": records._name,
        "view_mode": "tree,form",
        "domain": [("id", "in", records.ids)],
        "context": {"create": False},
    }
    if len(records) == 1:
        action.update(view_mode="form", res_id=records.id, domain=[])
    action.update(values)
    return action
