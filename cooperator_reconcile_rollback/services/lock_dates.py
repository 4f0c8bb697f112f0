"""Whether a period is locked, asked of Odoo itself.

Other add-ons lock more than the company's lock dates do, OCA's
``account_journal_lock_date`` single journals: they extend the same check.
"""

from datetime import timedelta

from odoo.exceptions import UserError


def find_lock(entry):
    """Find why an entry may not be posted or changed at its date.

    :param entry: ``account.move``, may be a new record
    :return: the sentence with which Odoo would refuse it, or ``False``
    """
    try:
        entry._check_fiscalyear_lock_date()
    except UserError as error:
        return error.args[0]
    return False


def find_open_date(journal, dates):
    """Find the first date on which an entry can be posted.

    :param journal: ``account.journal``
    :param dates: the dates to try; the day after the company's lock date is the last
    :return: a date; ``None`` where none of them is open
    """
    company = journal.company_id
    after_lock = company._get_user_fiscal_lock_date() + timedelta(days=1)
    for date in (*dates, after_lock):
        entry = journal.env["account.move"].new(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": company.id,
                "date": date,
            }
        )
        if not find_lock(entry):
            return date
    return None
