"""Reading a company's register of operations as a ledger, with a fixed number of queries."""

from collections import defaultdict

from ..ledger.opening import Opening
from ..ledger.operation import CONVERSION, Operation
from ..ledger.plan import Register
from ..ledger.related_partners import find_related_partners
from ..ledger.replay import replay
from .query import read_table
from .renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE

# what somebody was before the first operation, see cooperative.membership
MEMBER = "member"
OLD_MEMBER = "old_member"
NEITHER = "neither"
# lines that have these in common are one operation
KEY_FIELDS = (
    "register_number_operation",
    "type",
    "partner_id",
    "partner_id_to",
    "capital_release_request_id",
)
OPERATION_FIELDS = (
    *KEY_FIELDS,
    "date",
    "quantity",
    "quantity_to",
    "share_product_id",
    "share_to_product_id",
    "share_unit_price",
    "operation_request_id",
)


def load_register(company, requests=None, partners=None):
    """Load the company's register.

    :param requests: capital release request's id by register line's id, for lines that
        do not know theirs (made before this module was installed)
    :param partners: partner ids: load the operations and the numbers of these alone
    :return: :class:`~..ledger.plan.Register`
    :raises UserError: the company has no sequence for the numbers
    """
    next_numbers = company._get_next_numbers()
    memberships = _load_numbered(company, partners)
    return Register(
        operations=load_operations(company, requests, partners),
        numbers={one.partner_id: one.cooperator_register_number for one in memberships},
        next_operation=next_numbers[OPERATION_SEQUENCE],
        next_cooperator=next_numbers[COOPERATOR_SEQUENCE],
        openings={
            one.partner_id: Opening(
                one.partner_id,
                member=one.opening_standing == MEMBER,
                old_member=one.opening_standing == OLD_MEMBER,
                number=one.cooperator_register_number,
            )
            for one in memberships
            if one.opening_standing
        },
    )


def _load_numbered(company, partners):
    """Load the memberships that have a cooperator number; see :func:`load_register`."""
    where, parameters = of_partners(company, partners)
    return read_table(
        company.env["cooperative.membership"],
        ["partner_id", "cooperator_register_number", "opening_standing"],
        f"{where} AND cooperator_register_number > 0",
        parameters,
    )


def load_operations(company, requests=None, partners=None):
    """Load the operations of the company's register, in its order.

    :param requests: see :func:`load_register`
    :param partners: see :func:`load_register`
    :return: a tuple of :class:`~..ledger.operation.Operation`
    """
    requests = requests or {}
    where, parameters = of_partners(company, partners)
    make_shares = company._get_shares_maker()
    operations = defaultdict(list)
    for line in read_table(
        company.env["subscription.register"],
        OPERATION_FIELDS,
        where,
        parameters,
        order="register_number_operation, id",
    ):
        operations[line[1 : 1 + len(KEY_FIELDS)]].append(line)
    return tuple(
        make_operation(lines, requests, make_shares) for lines in operations.values()
    )


def make_operation(lines, requests, make_shares):
    """Make an operation of the ledger.

    :param lines: values of the register lines that share its number
    :param requests: see :func:`load_register`
    :param make_shares: see ``res.company._get_shares_maker``
    """
    first = lines[0]
    shares = tuple(
        [
            make_shares(line.share_product_id, line.quantity, line.share_unit_price)
            for line in lines
        ]
    )
    converted = None
    if first.type == CONVERSION and first.quantity_to:
        # cooperator does not store the new price: the value stays the same
        amount = shares[0].amount / first.quantity_to
        converted = make_shares(first.share_to_product_id, first.quantity_to, amount)
    return Operation(
        number=first.register_number_operation,
        kind=first.type,
        partner=first.partner_id,
        shares=shares,
        date=first.date,
        receiver=first.partner_id_to or None,
        converted=converted,
        request=first.capital_release_request_id or requests.get(first.id) or None,
        lines=tuple([line.id for line in lines]),
        operation_request=first.operation_request_id or None,
    )


def find_related(company, partners):
    """Find the partners whom transfers link with ``partners``, directly or through others.

    :param partners: partner ids
    :return: a set of partner ids, ``partners`` included
    """
    transfers = read_table(
        company.env["subscription.register"],
        ["partner_id", "partner_id_to"],
        "company_id = %s AND partner_id_to IS NOT NULL",
        (company.id,),
    )
    return find_related_partners(
        partners, [(row.partner_id, row.partner_id_to) for row in transfers]
    )


def replay_holdings(company, partners, numbers, openings=None):
    """Replay what the register gives to partners, as it stands now.

    :param partners: partner ids
    :param numbers: cooperator number by partner id, for those who become members by it
    :param openings: :class:`~..ledger.opening.Opening` by partner id
    :return: :class:`~..ledger.holding.Holding` by partner id; related partners' too
    """
    related = find_related(company, partners)
    operations = load_operations(company, partners=related)
    openings = {
        partner: one for partner, one in (openings or {}).items() if partner in related
    }
    return replay(operations, numbers, openings).holdings


def of_partners(company, partners):
    """The SQL condition for a company's rows, and its parameters.

    :param partners: partner ids; ``None``: all
    """
    if partners is None:
        return "company_id = %(company)s", {"company": company.id}
    return (
        "company_id = %(company)s AND partner_id = ANY(%(partners)s)",
        {"company": company.id, "partners": sorted(partners)},
    )
