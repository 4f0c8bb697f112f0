from contextlib import contextmanager

from ..ledger import evidence_chain
from ..ledger.hash_chain import link
from ..ledger.stored_json import EVIDENCE, dump, load
from .company_chain import CompanyChain
from .evidence_books import EvidenceBooks
from .evidence_check import SEALED_STATES, find_changes
from .evidence_contents import VERSION, EvidenceContents, get_done_content


class EvidenceChain:
    """The chain of hashes that shows what was changed behind Odoo's back.

    It begins with the hash of the company's rollback or fix before this one, goes on with
    what was planned, with each step when it is done, and with each that is undone. Start,
    end and revert are links of the company's chain.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.chain = CompanyChain(rollback.company_id)

    def begin(self):
        """Chain the rollback to the company's rollback or fix before it."""
        rollback = self.rollback
        self.chain.take()
        previous = self.chain.find_last()
        kept = previous._get_last_hash() if previous else False
        rollback.evidence_version = VERSION
        start_hash = link(kept or "", keep_start(rollback))
        rollback.write({"previous_hash": kept, "start_hash": start_hash})
        self.chain.append(evidence_chain.START, rollback, rollback.start_hash)

    def end(self):
        """Chain the end to the steps before it, and seal all that there is."""
        # after whoever pays at this moment
        self.chain.take()
        content = get_done_content(self.rollback)
        self.rollback.done_hash = link(self.get_last_hash(), content)
        self._keep_books()
        self._seal(evidence_chain.END)

    def begin_revert(self):
        """Chain who reverts the rollback, and since when."""
        rollback = self.rollback
        revert_hash = evidence_chain.get_revert_hash(
            rollback.evidence_hash or rollback.start_hash,
            rollback.revert_started_at,
            rollback.revert_user_id.id,
        )
        self.chain.append(evidence_chain.REVERT, rollback, revert_hash)

    def end_revert(self):
        """Seal all that there is after the revert."""
        self.chain.take()
        self._keep_books()
        self._seal(evidence_chain.REVERTED)

    def is_as_sealed(self):
        """Whether nothing was changed since the rollback has ended."""
        has_break = self.chain.has_break_at(self.rollback)
        return not has_break and not self._find_own_changes()

    def amend(self):
        """Seal what was changed of an ended rollback."""
        if self._compute_seal() != self.rollback.evidence_hash:
            self._seal(evidence_chain.AMENDED)

    def _seal(self, event):
        """Keep the hash of all that there is, and chain it."""
        self.rollback.evidence_hash = self._compute_seal()
        self.chain.append(event, self.rollback, self.rollback.evidence_hash)

    def _compute_seal(self):
        content = EvidenceContents(self.rollback).get_end(self.rollback)
        return link(self.get_last_hash(), content)

    def _keep_books(self):
        if self.rollback.evidence_version:
            EvidenceBooks(self.rollback).keep()

    def get_last_hash(self):
        """The hash of the last link."""
        rollback = self.rollback
        steps = rollback.step_ids.sorted("sequence")
        hashes = [
            rollback.start_hash,
            *steps.mapped("hash"),
            rollback.done_hash,
            *steps[::-1].mapped("revert_hash"),
        ]
        return [kept for kept in hashes if kept][-1]

    def find_tampering(self):
        """Compute all hashes again, and look at the company's chain up to here.

        :return: what was changed behind Odoo's back, in sentences; empty where nothing was
        """
        return self._find_own_changes() + self.find_breaks()

    def find_breaks(self):
        """Look at the company's chain up to here, in sentences as above."""
        words = self.rollback.env["cooperator.register.finding"]
        return [
            words._describe(found)
            for found in self.chain.find_findings_of(self.rollback)
        ]

    def _find_own_changes(self):
        ((changed, _books),) = find_changes(self.rollback).values()
        return changed


@contextmanager
def amending(rollbacks):
    """Seal what the block changes of those rollbacks that have ended.

    What was changed behind Odoo's back before is not sealed: it would be covered up. A
    block within another one leaves it to that.

    :param rollbacks: ``reconciliation.rollback``, some, for an action
    """
    amended = rollbacks.env.cr.cache.setdefault("amended evidence", set())
    ended = rollbacks.filtered(
        lambda one: (
            one.evidence_hash and one.state in SEALED_STATES and one.id not in amended
        )
    )
    if not ended:
        yield
        return
    amended.update(ended.ids)
    try:
        chains = [EvidenceChain(one) for one in ended]
        for chain in chains:
            # before the block locks anything else
            chain.chain.take()
        sealed = [chain for chain in chains if chain.is_as_sealed()]
        yield
        for chain in sealed:
            chain.amend()
    finally:
        amended.difference_update(ended.ids)


def keep_start(rollback):
    """Keep what the first hash covers and what may be gone later.

    That is what the steps change, and what other modules add: they may be uninstalled.

    :return: what the first hash covers
    """
    contents = EvidenceContents(rollback)
    content = rollback._get_start_content()
    own = contents.get_start(rollback)
    kept = {name: content[name] for name in content if name not in own}
    if rollback.evidence_version:
        kept["changing"] = contents.get_changing(rollback)
    if not kept:
        return own
    rollback.evidence_kept = dump(EVIDENCE, kept)
    return {**own, **load(EVIDENCE, rollback.evidence_kept)}
