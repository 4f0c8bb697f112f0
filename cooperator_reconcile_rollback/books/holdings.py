"""Reading what partners hold, and changing it to what is planned."""

from collections import defaultdict

from ..ledger.holding import Holding, ShareLine
from ..ledger.list_diff import diff_list
from .query import read_table
from .register_reader import of_partners

SHARE_LINE_FIELDS = (
    "partner_id",
    "share_product_id",
    "share_number",
    "share_unit_price",
    "effective_date",
    "capital_release_request_id",
    "operation_request_id",
)
MEMBERSHIP_FIELDS = (
    "partner_id",
    "member",
    "old_member",
    "cooperator_register_number",
)


def load_holdings(company, partners=None):
    """Load today's holdings, with a fixed number of queries.

    Who has neither a share line nor a membership is missing.

    :param partners: partner ids; ``None``: everyone in the company
    :return: :class:`~..ledger.holding.Holding` by partner id
    """
    lines = load_share_lines(company, partners)
    memberships = {
        membership.partner_id: membership
        for membership in read_table(
            company.env["cooperative.membership"],
            MEMBERSHIP_FIELDS,
            *of_partners(company, partners),
        )
    }
    return {
        partner: _make_holding(
            partner, lines.get(partner, ()), memberships.get(partner)
        )
        for partner in dict.fromkeys([*memberships, *lines])
    }


def _make_holding(partner, lines, membership):
    return Holding(
        partner=partner,
        lines=tuple([line for _id, line in lines]),
        member=bool(membership and membership.member),
        old_member=bool(membership and membership.old_member),
        number=(membership and membership.cooperator_register_number) or None,
    )


def load_share_lines(company, partners=None):
    """Load share lines by partner, the oldest first.

    :param partners: see :func:`load_holdings`
    :return: lists of id and :class:`~..ledger.holding.ShareLine`, by partner id
    """
    make_shares = company._get_shares_maker()
    lines = defaultdict(list)
    for row in read_table(
        company.env["share.line"], SHARE_LINE_FIELDS, *of_partners(company, partners)
    ):
        shares = make_shares(
            row.share_product_id, row.share_number, row.share_unit_price
        )
        line = ShareLine(
            shares.share_type,
            shares.quantity,
            shares.unit_price,
            row.effective_date,
            row.capital_release_request_id,
            row.operation_request_id,
        )
        lines[row.partner_id].append((row.id, line))
    return lines


def apply_holdings(company, holdings):
    """Change partners' share lines to those of planned holdings.

    Lines that are planned as they are stay untouched.

    :param holdings: :class:`~..ledger.holding.Holding` of different partners
    """
    share_line = company.env["share.line"]
    partners = company.env["res.partner"].browse([h.partner for h in holdings])
    current = defaultdict(dict)
    for line in company._get_share_lines(partners):
        current[line.partner_id.id][line] = _get_values(company, line)
    removed = share_line
    created = []
    for holding in holdings:
        difference = diff_list(
            current[holding.partner],
            [_get_planned_values(line) for line in holding.lines],
        )
        for line, values in difference.written.items():
            line.write(company._prepare_share_line(holding, values))
        removed = removed.concat(*difference.removed)
        created += [
            company._prepare_share_line(holding, values)
            for values in difference.created
        ]
    removed.unlink()
    share_line.create(created)


def _get_values(company, line):
    return (
        line.share_product_id.id,
        line.share_number,
        company.currency_id.round(line.share_unit_price),
        line.effective_date,
        line.capital_release_request_id.id,
        line.operation_request_id.id,
    )


def _get_planned_values(line):
    return (
        line.share_type,
        line.quantity,
        line.unit_price,
        line.date,
        line.request or False,
        line.operation_request or False,
    )


def apply_memberships(company, holdings):
    """Change partners' memberships to those of planned holdings.

    :param holdings: :class:`~..ledger.holding.Holding` of different partners
    """
    partners = company.env["res.partner"].browse([h.partner for h in holdings])
    memberships = company._get_memberships(partners)
    cleared = company.env["cooperative.membership"]
    standings = defaultdict(cleared.browse)
    numbered = []
    for holding in holdings:
        membership = memberships.get(holding.partner)
        if not membership:
            # never a cooperator here: the plan has nothing for this partner either
            continue
        standing = (holding.member, holding.old_member)
        if (membership.member, membership.old_member) != standing:
            standings[standing] |= membership
        if (membership.cooperator_register_number or None) != holding.number:
            cleared |= membership
            if holding.number:
                numbered.append((membership, holding.number))
    for (member, old_member), written in standings.items():
        written.write({"member": member, "old_member": old_member})
    # before any number is given: two partners can exchange theirs
    cleared._clear_cooperator_register_number()
    for membership, number in numbered:
        membership.cooperator_register_number = number
