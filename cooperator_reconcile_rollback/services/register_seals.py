"""Seals of the register's entries: what was in it at a time, in the chain of evidence."""

import json
from collections import Counter

from odoo import fields

from ..books.explained import load_explained
from ..books.query import read_table, select
from ..ledger import finding as kinds
from ..ledger.finding import Finding
from ..ledger.hash_chain import link
from .register_memory import ENTRY, RegisterMemory

SEAL = "cooperator.register.seal"
CONTENT_FIELDS = (
    *("sealed_at", "first_entry", "last_entry", "valid_count", "struck_count"),
    *("member_count", "totals", "entry_hash"),
)
COUNTS = """
    SELECT
        count(*) FILTER (WHERE NOT is_struck) AS valid,
        count(*) FILTER (WHERE is_struck) AS struck
    FROM cooperator_register_entry WHERE company_id = %s AND event = 'entered'
"""
# What was done neither by a rollback nor by a fix. What somebody began by hand and a rollback
# has finished is that rollback's; what was registered again stands again.
BY_HAND = """
    SELECT event.number, event.event, event.operation_number, event.partner_id
    FROM cooperator_register_entry event
    WHERE event.company_id = %s AND event.event != 'entered'
        AND event.correction IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM reconciliation_rollback_line line
            JOIN reconciliation_rollback rollback ON rollback.id = line.rollback_id
            WHERE rollback.state = 'done' AND line.wrong_move_id = event.request_id
        )
        AND NOT EXISTS (
            SELECT 1 FROM cooperator_register_entry again
            WHERE again.company_id = event.company_id AND event.event = 'struck'
                AND again.event = 'entered' AND NOT again.is_struck
                AND again.number > event.number AND again.ground = event.ground
        )
    ORDER BY event.number
"""


class RegisterSeals:
    """The seals of one company's register.

    :param company: ``res.company``
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        # sudo: seals are made by a scheduled action, or by closing the register
        self.seals = self.env[SEAL].sudo()

    def find_last(self):
        """The last seal; maybe none."""
        domain = [("company_id", "=", self.company.id)]
        return self.seals.search(domain, order="last_entry desc, id desc", limit=1)

    def seal(self):
        """Seal the entries since the last seal.

        :return: the last ``cooperator.register.seal``: a new one where there are entries
            since, none without any entry
        """
        self.company._remember_register()
        last = self.find_last()
        check = self.env["cooperator.register.check"]._get_check(self.company).sudo()
        count, entry_hash = check._load_entries()
        if count == last.last_entry:
            return last
        (counts,) = select(self.env, COUNTS, (self.company.id,))
        balances = RegisterMemory(self.company).load_balances()
        values = {
            "sealed_at": fields.Datetime.now(),
            "first_entry": last.last_entry + 1,
            "last_entry": count,
            "valid_count": counts.valid,
            "struck_count": counts.struck,
            "totals": json.dumps(self._get_totals(balances), sort_keys=True),
            "member_count": self._count_members(balances),
            "entry_hash": entry_hash,
        }
        seal = self.seals._by_action().create(
            {"company_id": self.company.id, **values, "hash": _compute_hash(values)}
        )
        self.company._chain_seal(seal)
        return seal

    def _get_totals(self, balances):
        """Shares by class."""
        totals = Counter()
        for (_partner, share_type), quantity in balances.items():
            totals[share_type] += int(quantity)
        # sudo: whoever seals need not see products
        products = self.env["product.product"].sudo().browse(list(totals))
        return {one.short_name or one.name: totals[one.id] for one in products}

    def _count_members(self, balances):
        held = Counter()
        for (partner, _share_type), quantity in balances.items():
            held[partner] += quantity
        return sum(quantity > 0 for quantity in held.values())

    def find_findings(self):
        """Find entries that are not what was written, and what was done by hand.

        :return: a list of :class:`~..ledger.finding.Finding`
        """
        changed = RegisterMemory(self.company).find_changed()
        found = [Finding(kinds.ENTRIES_CHANGED, entries=changed)] if changed else []
        seals = read_table(
            self.env[SEAL],
            ["hash", *CONTENT_FIELDS],
            "company_id = %s",
            (self.company.id,),
        )
        hashes = read_table(
            self.env[ENTRY],
            ["number", "hash"],
            "company_id = %s AND number = ANY(%s)",
            (self.company.id, [seal.last_entry for seal in seals]),
        )
        hashes = {row.number: row.hash for row in hashes}
        for seal in seals:
            values = {name: getattr(seal, name) for name in CONTENT_FIELDS}
            if _compute_hash(values) != seal.hash:
                found.append(Finding(kinds.EVIDENCE_CHANGED, seal=seal.id))
            elif hashes.get(seal.last_entry) != seal.entry_hash and not changed:
                found.append(Finding(kinds.ENTRIES_CHANGED, entries=(seal.last_entry,)))
        explained = {
            one.finding.entries
            for one in load_explained(self.company, kinds.CHANGED_BY_HAND)
        }
        found += [
            Finding(
                kinds.CHANGED_BY_HAND,
                entries=(row.number,),
                numbers=(row.operation_number,),
                partners=(row.partner_id,) if row.partner_id else (),
                variant=row.event,
            )
            for row in select(self.env, BY_HAND, (self.company.id,))
            if (row.number,) not in explained
        ]
        return found


def _compute_hash(values):
    """Compute what stands for a seal, of its values as they are stored."""
    return link("", {name: values[name] for name in CONTENT_FIELDS})
