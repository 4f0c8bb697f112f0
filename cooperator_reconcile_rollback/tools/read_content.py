"""Reading records as the content that a hash covers."""


def read_content(records, names):
    """Records as JSON values; dates become text in :func:`link`."""
    return [
        {name: values[name] for name in names}
        for values in records.read(list(names), load="_classic_write")
    ]
