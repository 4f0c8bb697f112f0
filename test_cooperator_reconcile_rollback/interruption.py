"""Ending a transaction in the middle of something, as a careless add-on does."""

PARAMETER = "test_cooperator_reconcile_rollback.interrupt"
WAYS = {
    # what no add-on should do  # pylint: disable=invalid-commit
    "commit": lambda cr: cr.commit(),
    "rollback": lambda cr: cr.rollback(),
    "commit in SQL": lambda cr: cr.execute("COMMIT"),
    "rollback in SQL": lambda cr: cr.execute("ROLLBACK"),
    "commit of the connection": lambda cr: cr.connection.commit(),
}


def get_interruption(env):
    """When and how the transaction is to end, such as "run: commit"; empty if it is not."""
    # sudo: system parameters are for system administrators. Not get_param, which
    # remembers what a test has taken back.
    parameters = env["ir.config_parameter"].sudo()
    return parameters.search([("key", "=", PARAMETER)]).value or ""


def interrupt(env, moment):
    """End the transaction, if the parameter says so of this moment."""
    planned, _sep, way = get_interruption(env).partition(": ")
    if planned == moment:
        WAYS[way](env.cr)
