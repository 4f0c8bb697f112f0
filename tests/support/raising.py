"""PostgreSQL refusing a step's change, so many times, for a reason of one's choice."""

from __future__ import annotations

from dataclasses import dataclass

from .ordeal import Ordeal

FOR_EVER = 1_000_000
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
CHECK_VIOLATION = "23514"
RAISED_BY_A_PERSON = "P0001"
PASSING = (SERIALIZATION_FAILURE, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE)
UNKNOWN = (CHECK_VIOLATION, RAISED_BY_A_PERSON)
REFUSAL = "refused for a test"

# A sequence counts: it does not go back with the transaction that is refused.
INSTALL = """
    CREATE SEQUENCE {name};
    CREATE FUNCTION {name}() RETURNS trigger AS $$
    BEGIN
        IF nextval('{name}') <= {times} THEN
            RAISE EXCEPTION '{refusal}' USING ERRCODE = '{code}';
        END IF;
        RETURN NEW;
    END
    $$ LANGUAGE plpgsql;
    CREATE TRIGGER {name} BEFORE UPDATE ON reconciliation_rollback_step
    FOR EACH ROW WHEN (NEW.id = {record} AND NEW.state = 'done' AND OLD.state <> 'done')
    EXECUTE FUNCTION {name}()
"""


@dataclass(frozen=True)
class Refusal:
    """A step that PostgreSQL refuses when it has done all of its work."""

    ordeal: Ordeal
    place: str

    def begin(self, code: str, times: int) -> None:
        """Refuse so many times, with the SQLSTATE given."""
        record = self.ordeal.step(self.place).record
        self.ordeal.ask(
            INSTALL.format(
                name=self.name, times=times, refusal=REFUSAL, code=code, record=record
            )
        )

    def count(self) -> int:
        """How many times the step has come to its end."""
        ((last, called),) = self.ordeal.ask(
            f"SELECT last_value, is_called FROM {self.name}"
        )
        return last if called else 0

    @property
    def name(self) -> str:
        return f"refuse_{self.place.replace('.', '_')}"
