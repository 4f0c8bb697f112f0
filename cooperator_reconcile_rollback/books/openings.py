"""Opening holdings that somebody has explained: where they are stored, and finding new ones."""

from dataclasses import replace

from ..ledger.opening import Opening
from ..ledger.opening_json import from_json
from ..ledger.opening_search import find_openings
from .query import read_table
from .register_reader import find_related, load_register, of_partners


def load_openings(company, partners=None):
    """Load the opening holdings that fixes have explained.

    :param partners: partner ids; ``None``: everyone in the company
    :return: :class:`~..ledger.opening.Opening` by partner id
    """
    where, parameters = of_partners(company, partners)
    rows = read_table(
        company.env["cooperative.membership"],
        ["partner_id", "opening"],
        f"{where} AND opening IS NOT NULL",
        parameters,
    )
    # partners can be merged
    return {
        row.partner_id: replace(from_json(row.opening), partner=row.partner_id)
        for row in rows
    }


def find_opening(company, holding):
    """Find the opening holding that explains what somebody holds today.

    Shares beyond the register are enough where the register makes somebody a member;
    otherwise the membership and the number are from before the first operation too.

    :param holding: today's :class:`~..ledger.holding.Holding`
    :return: :class:`~..ledger.opening.Opening`, or ``None`` if something is missing
    """
    partner = holding.partner
    related = find_related(company, [partner])
    register = load_register(company, partners=related)
    explained = load_openings(company, related - {partner})
    known = {**register.openings, **explained}
    before = Opening(
        partner,
        member=holding.member,
        old_member=holding.old_member,
        number=holding.number,
    )
    for guesses in ({}, {partner: before}):
        found = find_openings(
            register.operations,
            register.numbers,
            {partner: holding},
            {**known, **guesses},
        )
        if partner in found.openings and partner not in found.unexplained:
            return found.openings[partner]
    return None
