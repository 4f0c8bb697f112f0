"""On whom payments are booked, read, and written as it was."""

# the partner, and what Odoo computes of it
PARTNER = ("partner_id", "partner_bank_id")


def read_payers(payments):
    """Read whom payments are booked on, and where, for :func:`restore_payers`.

    :param payments: ``account.move``
    :return: ``[[model, id, {field: id or text}], ...]``, what is behind an entry before it
    """
    kept = []
    for move in payments:
        source = move.payment_id or move.statement_line_id
        for records, names in (
            (move.payment_id, [*PARTNER, "destination_account_id"]),
            (source, PARTNER),
            (move, PARTNER),
            (move.line_ids, ["partner_id", "account_id", "name"]),
        ):
            kept += [
                [record._name, record.id, {name: _read(record, name) for name in names}]
                for record in records
            ]
    return kept


def restore_payers(env, kept):
    """Book payments on whom they were booked on, where that has changed.

    :param kept: what :func:`read_payers` gave
    """
    for model, record_id, values in kept:
        record = env[model].browse(record_id).exists()
        changed = {
            name
            for name, value in values.items()
            if record and _read(record, name) != value
        }
        if changed:
            # all of them: Odoo would compute others of the partner
            record.with_context(skip_account_move_synchronization=True).write(values)
        if "account_id" in changed:
            # Odoo computes it of the accounts, but does not watch these
            statement_line = record.move_id.statement_line_id
            for name in ("is_reconciled", "amount_residual"):
                env.add_to_compute(statement_line._fields[name], statement_line)


def _read(record, name):
    """A field's value as what it is written with."""
    return record._fields[name].convert_to_write(record[name], record)
