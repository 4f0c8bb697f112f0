"""What a set of corrections comes to, before it is put in a plan."""

from dataclasses import dataclass
from typing import Hashable, Iterable, List, Mapping, Tuple

from .holding import Holding
from .number_assignment import Assignment
from .opening_search import FoundOpenings
from .operation import Operation
from .plan import Correction, Options, Register
from .removal import Removal
from .replay import Replay


@dataclass(frozen=True)
class Outcome:
    """What a register comes to with certain operations removed and the right ones made.

    :param holdings: what they have today, where it is known
    :param found: what they have that no operation gave
    :param today: what the operations of the related partners give today
    :param final: what they give in the end, with numbers not moved yet
    """

    register: Register
    corrections: Tuple[Correction, ...]
    options: Options
    holdings: Mapping[Hashable, Holding]
    found: FoundOpenings
    today: Replay
    removal: Removal
    assignment: Assignment
    final: Replay

    @property
    def dependents(self) -> Tuple[Operation, ...]:
        """Operations that lack shares because of the removal.

        Those that lack shares today already depend on nothing that is removed.
        """
        rejected = set(self.today.rejected)
        return tuple(one for one in self.final.rejected if one not in rejected)

    @property
    def partners(self) -> List[Hashable]:
        """The partners of the operations that are removed or inserted."""
        operations = self.removal.removed + self.assignment.inserted
        return unique(partner for one in operations for partner in one.partners)


def unique(values: Iterable[Hashable]) -> List[Hashable]:
    """Return ``values`` without repetition, in order.

    >>> unique([2, 1, 2])
    [2, 1]
    """
    return list(dict.fromkeys(values))
