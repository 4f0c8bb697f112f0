def check_readable(records):
    """For what does not read records itself before it says something of them.

    :param records: of any model
    :raises AccessError: the user may not read them
    """
    records.check_access_rights("read")
    records.check_access_rule("read")
