"""Reading records as the content that a hash covers."""


def read_content(records, names):
    """Records as JSON values; dates become text in :func:`link`.

    Contacts that were merged since are those that were named then.
    """
    contents = [
        {name: values[name] for name in names}
        for values in records.read(["id", *names], load="_classic_write")
    ]
    if any(records._fields[name].comodel_name == "res.partner" for name in names):
        former = records.env["reconciliation.rollback.former.partner"]
        then = former._get_former(records._name, names)
        for record, content in zip(records, contents):
            for name in names:
                content[name] = then.get((name, record.id), content[name])
    return contents
