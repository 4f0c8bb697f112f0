"""What the register check looks at, as frozen values."""

from dataclasses import dataclass, field
from typing import (
    AbstractSet,
    Hashable,
    Iterable,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from ..finding import Finding
from ..holding import Holding
from ..opening import Opening
from ..plan import Register
from ..request import CapitalReleaseRequest, OperationRequest


@dataclass(frozen=True)
class Match:
    """A payment, or a part of one, that pays a capital release request.

    :param payment: the payment's entry
    :param request: the request
    :param payer: who the payment is booked on; ``None`` without a partner
    :param is_other_payer: whether the payer is not who subscribes
    :param communication: all texts of the payment
    :param partner: who subscribes
    """

    payment: Hashable
    request: Hashable
    payer: Optional[Hashable] = None
    is_other_payer: bool = False
    communication: str = ""
    partner: Optional[Hashable] = None


@dataclass(frozen=True)
class Books:
    """All that the check looks at in one company.

    People in whose books nothing is wrong may be left out, with all that is theirs. The
    numbers and the references are given then, since they are compared with everybody's.

    :param register: the register, the numbers and the sequences
    :param holdings: what each partner has, by partner
    :param requests: capital release requests by their identity
    :param operation_requests: operation requests
    :param matches: what pays the capital release requests; of a payment all or none
    :param references: what capital release requests are called, by their identity; those
        of ``requests`` by default
    :param waiting: paid requests that are registered after a rollback
    :param decided: payment and request of matches that a rollback has made: a person has
        looked at them
    :param operation_numbers: operation numbers in use; those of ``register`` by default
    :param operation_gaps: operation numbers that rollbacks have left unused, or that
        somebody has explained
    :param cooperator_numbers: cooperator numbers in use, likewise
    :param cooperator_gaps: unused cooperator numbers, likewise
    :param holding_mail: ended rollbacks that still hold mail
    :param evidence: what is wrong with the evidence of rollbacks and fixes
    :param openings: what somebody has explained as older than the first operation, by
        partner
    :param explained: register lines of operations of which somebody has explained why no
        request fits
    """

    register: Register
    holdings: Mapping[Hashable, Holding]
    requests: Mapping[Hashable, CapitalReleaseRequest]
    operation_requests: Sequence[OperationRequest] = ()
    matches: Sequence[Match] = ()
    references: Optional[Mapping[Hashable, Iterable[str]]] = None
    waiting: AbstractSet[Hashable] = frozenset()
    decided: AbstractSet[Tuple[Hashable, Hashable]] = frozenset()
    operation_numbers: Optional[Iterable[int]] = None
    operation_gaps: AbstractSet[int] = frozenset()
    cooperator_numbers: Optional[Iterable[int]] = None
    cooperator_gaps: AbstractSet[int] = frozenset()
    holding_mail: Sequence[Hashable] = ()
    evidence: Sequence[Finding] = ()
    explained: AbstractSet[Hashable] = frozenset()
    openings: Mapping[Hashable, Opening] = field(default_factory=dict)

    def __post_init__(self) -> None:
        register = self.register
        defaults = {
            "references": {one.id: one.references for one in self.requests.values()},
            "operation_numbers": {one.number for one in register.operations},
            "cooperator_numbers": set(register.numbers.values()),
        }
        for name, value in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
