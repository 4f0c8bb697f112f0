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


def notification(title, message, is_good):
    """Get the action that shows a message until somebody closes it.

    :param is_good: whether it is good news
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "title": title,
            "message": message,
            "type": "success" if is_good else "danger",
            "sticky": True,
        },
    }
