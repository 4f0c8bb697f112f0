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
    begun = [(rollback.started_at, rollback) for rollback in rollbacks.sorted("id")]
    begun += [(fix.fixed_at, fix) for fix in fixes.sorted("id")]
    for record in put_in_order(begun):
        if name_record(record) in known:
            continue
        if record._name == fixes._name:
            chain.append(evidence_chain.FIX, record, record.hash)
        else:
            chain_rollback(chain, record)


def put_in_order(begun):
    """Sort what has begun; in the same second each comes after what it begins with.

    :param begun: pairs of a moment and a record
    :return: the records
    """
    left = sorted(begun, key=lambda one: one[0])
    while left:
        moment = left[0][0]
        same = [record for begun_at, record in left if begun_at == moment]
        hashes = {record: get_hashes(record) for record in same}
        first = next(
            record
            for record in same
            if not any(
                record.previous_hash in hashes[other]
                for other in same
                if other != record
            )
        )
        yield first
        left.remove((moment, first))


def get_hashes(record):
    """The hashes with which another record can begin."""
    if record._name == "cooperator.register.fix":
        return {record.hash}
    steps = record.step_ids
    return {
        record.start_hash,
        record.done_hash,
        *steps.mapped("hash"),
        *steps.mapped("revert_hash"),
    } - {False}


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
