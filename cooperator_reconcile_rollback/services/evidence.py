from odoo import _

from ..ledger.hash_chain import find_broken, link
from ..tools.read_content import read_content
from .company_chain import CompanyChain

PLANNED_FIELDS = (
    "name",
    "company_id",
    "user_id",
    "reason",
    "note",
    "numbering",
    "cascade",
    "mail_scope",
    "override_reason",
    "plan",
    "planned_at",
    "plan_user_id",
    "started_at",
    "start_user_id",
)
LINE_FIELDS = (
    "wrong_move_id",
    "payment_move_id",
    "payment_partner_id",
    "account_id",
    "amount",
    "operation_number",
    "right_move_id",
)
# what a correction may have beyond a match; see EvidenceChain._get_choices
CHOICE_FIELDS = (
    "id",
    "situation",
    "operation_request_id",
    "operation_request_outcome",
    "is_invoice_reversed",
    "right_number",
)
USUAL_CHOICE = {
    "situation": "matched",
    "operation_request_id": False,
    "operation_request_outcome": "cancelled",
    "is_invoice_reversed": False,
    "right_number": 0,
}
RIGHT_FIELDS = ("line_id", "sequence", "move_id")
DIFFERENCE_FIELDS = ("partner_id", "choice", "reason")
MAIL_FIELDS = ("partner_id", "subject", "email_to", "kind", "choice", "state")


class EvidenceChain:
    """The chain of hashes that shows what was changed behind Odoo's back.

    It begins with the hash of the company's rollback or fix before this one, goes on with
    what was planned, with each step when it is done, and with each that is undone.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env

    def begin(self):
        """Chain the rollback to the company's rollback or fix before it."""
        previous = self._find_previous()
        kept = previous._get_last_hash() if previous else False
        self.rollback.write(
            {
                "previous_hash": kept,
                "start_hash": link(kept or "", self.rollback._get_start_content()),
            }
        )

    def end(self):
        """Chain the end to the steps before it, and seal all that there is."""
        done_hash = link(self.get_last_hash(), self._get_done_content())
        self.rollback.write(
            {
                "done_hash": done_hash,
                "evidence_hash": link(done_hash, self._get_end_content()),
            }
        )

    def seal(self):
        """Keep the hash of all that there is."""
        self.rollback.evidence_hash = link(
            self.get_last_hash(), self._get_end_content()
        )

    def get_start_content(self):
        """What was planned, as JSON values."""
        (content,) = read_content(self.rollback, PLANNED_FIELDS)
        lines = read_content(self.rollback.line_ids, LINE_FIELDS)
        return {**content, "lines": lines, **self._get_choices()}

    def _get_choices(self):
        """What was chosen beyond the usual; releases before 1.2 had nothing of it.

        Where nothing was, it leaves no trace in what is hashed, so that rollbacks of
        these releases prove as before.
        """
        rollback = self.rollback
        choices = {
            "situations": [
                content
                for content in read_content(rollback.line_ids, CHOICE_FIELDS)
                if {**content, **USUAL_CHOICE} != content
            ],
            "further right requests": read_content(
                rollback.line_ids.right_ids, RIGHT_FIELDS
            ),
            "unexplained holdings": read_content(
                rollback.difference_ids, DIFFERENCE_FIELDS
            ),
            "accounting": rollback.accounting,
        }
        return {name: kept for name, kept in choices.items() if kept}

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

    def _get_links(self):
        """The links in their order, as ``[(label, content, hash), ...]``."""
        rollback = self.rollback
        steps = rollback.step_ids.sorted("sequence")
        content = rollback._get_start_content()
        links = [(_("what was planned"), content, rollback.start_hash)]
        links += [step._get_link() for step in steps if step.hash]
        if rollback.done_hash:
            content = self._get_done_content()
            links.append((_("the end"), content, rollback.done_hash))
        links += [step._get_revert_link() for step in steps[::-1] if step.revert_hash]
        return links

    def _get_done_content(self):
        return {"done_at": self.rollback.done_at}

    def _get_end_content(self):
        """What changes until the end, and not after it."""
        rollback = self.rollback
        return {
            "state": rollback.state,
            "revert_started_at": rollback.revert_started_at,
            "revert_user_id": rollback.revert_user_id.id,
            "reverted_at": rollback.reverted_at,
            "mails": read_content(rollback.mail_ids, MAIL_FIELDS),
        }

    def _find_previous(self):
        """The company's last rollback or fix before this rollback."""
        return CompanyChain(self.rollback.company_id).find_last(self.rollback)

    def find_tampering(self):
        """Compute all hashes again.

        :return: what was changed behind Odoo's back, in sentences; empty where nothing was
        """
        rollback = self.rollback
        if not rollback.start_hash:
            return []
        links = self._get_links()
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
            *self._find_wrong_states(),
            *self._find_wrong_end(last_hash),
            *self._find_wrong_previous(),
        ]

    def _find_wrong_states(self):
        return [
            _(
                "%(rollback)s: step %(step)s is not in the state that its hash tells.",
                rollback=self.rollback.name,
                step=step.place,
            )
            for step in self.rollback.step_ids
            if step._get_proven_state() != step.state
        ]

    def _find_wrong_end(self, last_hash):
        rollback = self.rollback
        sealed = link(last_hash, self._get_end_content())
        if not rollback.evidence_hash or rollback.evidence_hash == sealed:
            return []
        return [_("%s: its state, its times or its mails were changed.", rollback.name)]

    def _find_wrong_previous(self):
        return CompanyChain(self.rollback.company_id).find_wrong_previous(self.rollback)
