"""Give rollbacks and fixes of earlier releases their links in the chain of evidence.

They get them in the order in which they began. What an earlier release has sealed stays as
it is. The time of these links is that of the update.

The folder has no series in its name: Odoo 14.0 and 16.0 both run it.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.cooperator_reconcile_rollback.ledger import evidence_chain
from odoo.addons.cooperator_reconcile_rollback.services.company_chain import (
    CompanyChain,
    name_record,
)
from odoo.addons.cooperator_reconcile_rollback.services.evidence import EvidenceChain


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].search([]):
        chain_company(company)


def chain_company(company):
    """Chain what has no link yet."""
    chain = CompanyChain(company)
    known = {link.record for link in chain.load_links()}
    own = [("company_id", "=", company.id)]
    rollbacks = company.env["reconciliation.rollback"].search(
        [*own, ("start_hash", "!=", False)]
    )
    fixes = company.env["cooperator.register.fix"].search(own)
    begun = [(rollback.started_at, rollback.id, rollback) for rollback in rollbacks]
    begun += [(fix.fixed_at, fix.id, fix) for fix in fixes]
    for _moment, _id, record in sorted(begun, key=lambda one: one[:2]):
        if name_record(record) in known:
            continue
        if record._name == fixes._name:
            chain.append(evidence_chain.FIX, record, record.hash)
        else:
            chain_rollback(chain, record)


def chain_rollback(chain, rollback):
    """Chain what has happened to a rollback so far."""
    chain.append(evidence_chain.START, rollback, rollback.start_hash)
    if rollback.state == "reverted":
        chain.append(evidence_chain.REVERTED, rollback, rollback.evidence_hash)
        return
    if rollback.evidence_hash:
        chain.append(evidence_chain.END, rollback, rollback.evidence_hash)
    if rollback.revert_started_at:
        EvidenceChain(rollback).begin_revert()
