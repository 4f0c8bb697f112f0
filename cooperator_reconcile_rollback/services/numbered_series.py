"""Series of numbers without a gap: a number that is missing is a record that was taken away."""

import re

from odoo import _

from ..books.query import select
from ..ledger.numbering import unused
from ..tools.excerpt import ranges

ROLLBACK = "reconciliation.rollback"
PREFIX = "RR/"
# what never started has a number where an earlier release gave it
NUMBERED = """
    SELECT name FROM reconciliation_rollback
    WHERE company_id = %s AND (started_at IS NOT NULL OR name LIKE 'RR/%%')
    ORDER BY id
"""


def draw_number(company, code, **values):
    """Draw the next number of a company's series; the first draw makes its sequence.

    :param company: ``res.company``
    :param code: of the ``ir.sequence``
    :param values: of a new sequence
    """
    # sudo: sequences are for system administrators
    sequences = company.env["ir.sequence"].sudo()
    domain = [("code", "=", code), ("company_id", "=", company.id)]
    sequence = sequences.search(domain, limit=1) or sequences.create(
        {
            "code": code,
            "company_id": company.id,
            "padding": 4,
            # what is undone gives its number back
            "implementation": "no_gap",
            **values,
        }
    )
    return sequence.next_by_id()


class RollbackSeries:
    """The rollbacks of a company that have started, in the reader's environment.

    :param company: ``res.company``
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env

    def draw(self):
        """Draw the number of a rollback that starts.

        It goes on after the sequence of all companies that earlier releases had.
        """
        # sudo: sequences are for system administrators
        sequences = self.env["ir.sequence"].sudo()
        domain = [("code", "=", ROLLBACK), ("company_id", "=", False)]
        shared = sequences.search(domain, limit=1)
        return draw_number(
            self.company,
            ROLLBACK,
            name=_("Reconciliation rollbacks of %s", self.company.name),
            prefix=PREFIX + "%(year)s/",
            number_next=shared.number_next_actual or 1,
        )

    def word(self):
        """Say which rollbacks there are, and which numbers are missing.

        :return: a sentence; empty where there is none
        """
        names = [row.name for row in select(self.env, NUMBERED, (self.company.id,))]
        numbers = {get_number(name): name for name in names if get_number(name)}
        if not numbers:
            return ""
        values = {
            # sudo: whoever reads it sees whose rollbacks these are
            "company": self.company.sudo().name,
            "first": numbers[min(numbers)],
            "last": numbers[max(numbers)],
            "count": len(numbers),
        }
        missing = ranges(unused(numbers))
        if not missing:
            return _(
                "Rollbacks of %(company)s: %(first)s to %(last)s, %(count)s, none missing.",
                **values,
            )
        return _(
            "Rollbacks of %(company)s: %(first)s to %(last)s, %(count)s; missing: "
            "%(missing)s.",
            **values,
            missing=", ".join(missing),
        )


def get_number(name):
    """Return the number at the end of a name; ``None`` where it has none.

    >>> get_number("RR/2026/0007"), get_number("/")
    (7, None)
    """
    found = re.search(r"\d+$", name)
    return int(found.group()) if found else None
