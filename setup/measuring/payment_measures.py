"""A payment in a database with the add-ons and no rollback, against one without them."""

from __future__ import annotations

from prepare.environment import Environment
from prepare.template_database import addons_database, template_database

from .data import register
from .odoo_process import flush, transaction
from .outcome import Outcome, Pair
from .register_parts import Copied, Newcomer
from .stopwatch import seconds

OPERATIONS = 1000
PAYMENTS_A_REPEAT = 20
NEWCOMER = "New Comer"


def measure_payments(
    environment: Environment, _scale: int, repeat: int
) -> list[Outcome]:
    """Matching a payment with its request, in two databases in turn."""
    parts = [Copied("Family", OPERATIONS), Newcomer(NEWCOMER.split()[1])]
    with (
        register(
            environment, addons_database(environment), "with", parts
        ) as with_addons,
        register(
            environment, template_database(environment), "without", parts
        ) as without,
    ):
        databases = (with_addons, without)
        for database in databases:
            match(database)
        pairs = []
        for number in range(repeat * PAYMENTS_A_REPEAT):
            # who comes second has nothing of it in the long run
            turn = databases if number % 2 else databases[::-1]
            took = {database: match(database) for database in turn}
            pairs.append(Pair(took[with_addons], took[without]))
    return [Outcome("A payment, no rollback running", pairs, 1.02)]


def match(database: str) -> float:
    """Match the newcomer's payment, and undo it; how long it takes."""
    with transaction(database, keep=False) as env:
        partner = env["res.partner"].search([("name", "=", NEWCOMER)])
        entries = env["account.move"].search([("partner_id", "=", partner.id)])
        request = entries.filtered("release_capital_request")
        account = env.company.property_cooperator_account
        items = (entries - request).line_ids
        payment = items.filtered(lambda item: item.account_id == account)

        def work() -> None:
            request.js_assign_outstanding_line(payment.id)
            flush(env)

        return seconds(work)
