"""Taking the measures that the command line names, and telling what came of them."""

from __future__ import annotations

import argparse
import sys

from prepare.console import exit_status_of, say, step
from prepare.environment import Environment

from .cascade_measures import measure_cascades
from .form_measures import measure_forms
from .job_state_measures import measure_job_states
from .numbering_measures import measure_numberings
from .odoo_process import begin
from .outcome import table
from .payment_measures import measure_payments
from .reading_measures import measure_readings
from .rollback_measures import measure_jobs, measure_steps

ENTERED = 1000
LARGE = 100_000
MEASURES = {
    "steps": (measure_steps, ENTERED),
    "jobs": (measure_jobs, ENTERED),
    "cascades": (measure_cascades, LARGE),
    "numberings": (measure_numberings, LARGE),
    "readings": (measure_readings, LARGE),
    "payments": (measure_payments, LARGE),
    "forms": (measure_forms, LARGE),
    "jobstates": (measure_job_states, ENTERED),
}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="setup/bench", description=DESCRIPTION)
    parser.add_argument(
        "measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES)
    )
    parser.add_argument(
        "--repeat", type=int, default=5, help="how often each pair is taken"
    )
    parser.add_argument(
        "--part",
        type=int,
        default=1,
        help="take a register of so small a part, to try the measures out",
    )
    arguments = parser.parse_args(words)
    unknown = set(arguments.measures) - set(MEASURES)
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    environment = Environment.prepared()
    say(f"Measuring on {environment.description}")
    begin(environment)
    outcomes = []
    for name in arguments.measures or MEASURES:
        measure, scale = MEASURES[name]
        with step(f"Measuring: {name}"):
            outcomes += measure(environment, scale // arguments.part, arguments.repeat)
        say(table(outcomes))
    print(table(outcomes))
    return 0


DESCRIPTION = "Measure rollbacks against what they consist of, as ratios."

if __name__ == "__main__":
    sys.exit(exit_status_of(main))
