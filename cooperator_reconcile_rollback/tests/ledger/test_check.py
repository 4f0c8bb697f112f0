"""A register that is as cooperator keeps it has no finding; each planted error has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger import finding as kinds
from ...ledger.check import (
    Books,
    Match,
    check,
    gaps,
)
from ...ledger.finding import (
    Finding,
    from_json,
    to_json,
)
from ...ledger.holding import ShareLine
from ...ledger.numbering import unused
from ...ledger.operation import SUBSCRIPTION
from ...ledger.replay import replay
from ...ledger.request import (
    CapitalReleaseRequest,
    OperationRequest,
)
from .registers import registers

thorough = settings(max_examples=200, deadline=None, derandomize=True)


@st.composite
def books(draw):
    """Books in which nothing is wrong; gaps in the numbers are known."""
    register = draw(registers().filter(lambda register: register.operations))
    operations, requests, others = [], {}, []
    for operation in register.operations:
        if operation.kind == SUBSCRIPTION:
            requests[operation.request] = CapitalReleaseRequest(
                operation.request,
                operation.partner,
                operation.shares,
                True,
                operation.date,
                (f"SUBJ/2026/{operation.number:03}",),
            )
        else:
            request = OperationRequest(
                f"OR/{operation.number}",
                operation.kind,
                operation.partner,
                operation.receiver,
                operation.shares[0].share_type,
                operation.quantity,
                True,
                operation.date,
            )
            others.append(request)
            operation = replace(operation, operation_request=request.id)
        operations.append(operation)
    register = replace(
        register,
        operations=tuple(operations),
        next_operation=max(o.number for o in operations) + 1,
        next_cooperator=max(register.numbers.values(), default=0) + 1,
    )
    return Books(
        register=register,
        holdings=replay(register.operations, register.numbers).holdings,
        requests=requests,
        operation_requests=others,
        matches=[
            Match(f"BNK/{place}", request, requests[request].partner, False, name)
            for place, request in enumerate(requests)
            for name in requests[request].references
        ],
        operation_gaps=set(unused(o.number for o in operations)),
        cooperator_gaps=set(unused(register.numbers.values())),
    )


def found(books):
    return [finding.kind for finding in check(books)]


@tagged("ledger")
class TestCheck(BaseCase):
    """A register that is as cooperator keeps it has no finding; each planted error has one."""

    @thorough
    @given(books())
    def test_nothing_is_found_where_nothing_is_wrong(self, clean):
        assert found(clean) == []

    @thorough
    @given(books(), st.data())
    def test_other_shares(self, clean, data):
        partner = data.draw(st.sampled_from(sorted(clean.holdings)))
        holding = clean.holdings[partner]
        line = ShareLine("A", 99, 50.0, date(2026, 1, 1))
        changed = replace(holding, lines=holding.lines + (line,))
        spoilt = replace(clean, holdings={**clean.holdings, partner: changed})
        (finding,) = check(spoilt)
        assert finding.kind == kinds.SHARES_UNLIKE_REGISTER
        assert (finding.expected, finding.actual) == (holding, changed)

    @thorough
    @given(books(), st.data())
    def test_unpaid_and_forgotten_requests(self, clean, data):
        request = data.draw(st.sampled_from(sorted(clean.requests)))
        unpaid = replace(clean.requests[request], is_paid=False)
        spoilt = replace(clean, requests={**clean.requests, request: unpaid})
        assert found(spoilt) == [kinds.OPERATION_NOT_PAID]
        extra = replace(clean.requests[request], id="CRR/extra", partner="Zoe")
        spoilt = replace(clean, requests={**clean.requests, extra.id: extra})
        assert found(spoilt) == [kinds.PAID_WITHOUT_OPERATION]
        assert found(replace(spoilt, waiting={extra.id})) == []

    @thorough
    @given(books(), st.data())
    def test_payments(self, clean, data):
        match = data.draw(st.sampled_from(clean.matches))
        others = [other for other in clean.matches if other != match]
        payer = replace(match, payer="Zoe", is_other_payer=True)
        assert found(replace(clean, matches=[*others, payer])) == [kinds.OTHER_PAYER]
        for other in others:
            named = replace(match, communication=f"for {other.communication}")
            spoilt = replace(clean, matches=[*others, named])
            assert found(spoilt) == [kinds.OTHER_REQUEST_NAMED]
            decided = {(match.payment, match.request)}
            assert found(replace(spoilt, decided=decided)) == []

    @thorough
    @given(books(), st.integers(1, 30))
    def test_sequences(self, clean, number):
        register = replace(clean.register, next_operation=number)
        right = clean.register.next_operation
        expected = [] if number == right else [kinds.OPERATION_SEQUENCE_OFF]
        assert found(replace(clean, register=register)) == expected

    @thorough
    @given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
    def test_gaps(self, numbers, explained):
        """They are the unused numbers that are not explained, in runs."""
        listed = [
            number
            for first, last in gaps(numbers, explained)
            for number in range(first, last + 1)
        ]
        assert listed == sorted(set(unused(numbers)) - explained)

    @thorough
    @given(books(), st.data())
    def test_kept_as_text(self, clean, data):
        holding = data.draw(st.sampled_from(sorted(clean.holdings)))
        finding = Finding(
            kinds.SHARES_UNLIKE_REGISTER,
            numbers=(4,),
            partners=(holding,),
            expected=clean.holdings[holding],
            actual=replace(clean.holdings[holding], number=None),
        )
        assert from_json(to_json(finding)) == finding
