from odoo import _

from ..ledger.hash_chain import find_broken, link
from ..tools import series
from .evidence_books import EvidenceBooks
from .evidence_contents import EvidenceContents, get_done_content

SEALED_STATES = ("done", "reverted")
# what takes much room once it is read
TEXTS = ("batch", "before", "after", "kept")


def find_changes(rollbacks):
    """Compute all hashes of rollbacks again, and compare the books behind them.

    It takes a fixed number of queries. What earlier releases have sealed takes more where
    other modules add to it.

    :param rollbacks: ``reconciliation.rollback``
    :return: by rollback, what was changed behind Odoo's back and how the books are not what
        they were when it ended, both in sentences
    """
    check = EvidenceCheck(rollbacks)
    added = rollbacks._find_changed_additions()
    changed = {
        rollback: [*check.find_changed(rollback), *added.get(rollback, [])]
        for rollback in rollbacks
    }
    # what was kept of the books is right only where nothing was changed
    unchanged = rollbacks.filtered(lambda rollback: not changed[rollback])
    books = EvidenceBooks(unchanged).find_changes()
    series.flush(rollbacks.step_ids)
    series.invalidate(rollbacks.step_ids, list(TEXTS))
    return {
        rollback: (changed[rollback], books.get(rollback, [])) for rollback in rollbacks
    }


class EvidenceCheck:
    """Compares rollbacks with their hashes.

    :param rollbacks: ``reconciliation.rollback``, some: they are read together
    """

    def __init__(self, rollbacks):
        self.env = rollbacks.env
        self.contents = EvidenceContents(rollbacks)

    def find_changed(self, rollback):
        """What of a rollback its hashes do not match, in sentences."""
        if not rollback.start_hash:
            return []
        links = self._get_links(rollback)
        broken = find_broken(
            rollback.previous_hash or "",
            [content for _label, content, _hash in links],
            [kept for _label, _content, kept in links],
        )
        if broken is not None:
            return [
                _(
                    "%(rollback)s: %(part)s is not what was kept of it.",
                    rollback=rollback.name,
                    part=links[broken][0],
                )
            ]
        last_hash = links[-1][-1]
        return [
            *self._find_wrong_states(rollback),
            *self._find_wrong_end(rollback, last_hash),
        ]

    def _get_links(self, rollback):
        """The links in their order, as ``[(label, content, hash), ...]``."""
        contents = self.contents
        content = contents.get_sealed_start(rollback)
        links = [(_("what was planned"), content, rollback.start_hash)]
        steps = rollback.step_ids.sorted("sequence")
        for step in steps.filtered("hash"):
            label = _("step %s", step.place)
            links.append((label, contents.get_step(step), step.hash))
        if rollback.done_hash:
            links.append((_("the end"), get_done_content(rollback), rollback.done_hash))
        for step in steps[::-1].filtered("revert_hash"):
            label = _("the revert of step %s", step.place)
            links.append((label, contents.get_revert(step), step.revert_hash))
        return links

    def _find_wrong_states(self, rollback):
        wrong = []
        for step in rollback.step_ids:
            if step._get_proven_state() != step.state:
                wrong.append(
                    _(
                        "%(rollback)s: step %(step)s is not in the state that its hash "
                        "tells.",
                        rollback=rollback.name,
                        step=step.place,
                    )
                )
        return wrong

    def _find_wrong_end(self, rollback, last_hash):
        """Compare what was sealed at the end, once it has ended."""
        if rollback.state not in (*SEALED_STATES, "cancelled"):
            return []
        if rollback.evidence_hash == link(last_hash, self.contents.get_end(rollback)):
            return []
        return [
            _(
                "%s: its state, its times, its mails or the payments meanwhile were "
                "changed.",
                rollback.name,
            )
        ]
