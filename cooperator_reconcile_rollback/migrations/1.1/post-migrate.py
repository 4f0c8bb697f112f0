"""Bring rollbacks of releases without hashes and register lock up to date.

They are sealed: from the update on, Prove finds what is changed in them. Nothing shows
what was changed before. Those that have not ended lock the register.

Stored texts (plan, batch, before, after, kept) stay as they are: hashes cover them, and
they are read by their version, see ``ledger/stored_json.py``.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.cooperator_reconcile_rollback.ledger.hash_chain import link
from odoo.addons.cooperator_reconcile_rollback.services.evidence import EvidenceChain
from odoo.addons.cooperator_reconcile_rollback.services.evidence_contents import (
    EvidenceContents,
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    rollbacks = env["reconciliation.rollback"].search(
        [("started_at", "!=", False), ("start_hash", "=", False)],
        order="started_at, id",
    )
    for rollback in rollbacks._by_action():
        seal(rollback)
    for rollback in rollbacks:
        if rollback.state in ("running", "failed", "reverting"):
            # of two in one company the first one goes on holding it
            env["cooperator.register.lock"]._acquire(rollback)


def seal(rollback):
    """Keep the hash of what is done and of what is undone."""
    chain = EvidenceChain(rollback)
    chain.begin()
    steps = rollback.step_ids.sorted("sequence")
    contents = EvidenceContents(rollback)
    for step in steps.filtered("done_at"):
        step.hash = link(chain.get_last_hash(), contents.get_step(step))
    if rollback.done_at:
        chain.end()
    if rollback.revert_started_at:
        chain.begin_revert()
    for step in steps[::-1]:
        if step.state in ("reverted", "cancelled"):
            step.revert_hash = link(chain.get_last_hash(), contents.get_revert(step))
    if rollback.state == "reverted":
        chain.end_revert()
