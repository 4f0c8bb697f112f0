"""Findings about operations of the register."""

from typing import Hashable, Iterable, Tuple

from ..finding import Finding
from ..operation import Operation


def find_operation(kind: str, operation: Operation) -> Finding:
    """Make a finding about one operation."""
    return Finding(
        kind,
        numbers=(operation.number,),
        partners=operation.partners,
        lines=operation.lines,
        operation_request=operation.operation_request,
    )


def partners_of(operations: Iterable[Operation]) -> Tuple[Hashable, ...]:
    """Get everyone who takes part in operations, each once."""
    return tuple(
        dict.fromkeys(partner for one in operations for partner in one.partners)
    )


def lines_of(operations: Iterable[Operation]) -> Tuple[Hashable, ...]:
    """Get the register lines of operations."""
    return tuple(line for operation in operations for line in operation.lines)
