from odoo import _, fields, models

from ..ledger.hash_chain import find_broken, link
from ..tools.read_content import read_content

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
MAIL_FIELDS = ("partner_id", "subject", "email_to", "kind", "choice", "state")


class ReconciliationRollback(models.Model):
    """The chain of hashes that shows what was changed behind Odoo's back (V2).

    It begins with the hash of the company's rollback before this one, goes on with what
    was planned, with each step when it is done, and with each that is undone.
    """

    _inherit = "reconciliation.rollback"

    previous_hash = fields.Char(
        readonly=True,
        copy=False,
        help="The hash of the company's rollback before this one, when it started.",
    )
    start_hash = fields.Char(readonly=True, copy=False)
    done_hash = fields.Char(readonly=True, copy=False)
    evidence_hash = fields.Char(
        string="Hash of the evidence",
        readonly=True,
        copy=False,
        help="Stands for all that the rollback has kept. Whoever has it on paper can "
        "prove that nothing was changed since.",
    )

    def _get_start_content(self):
        self.ensure_one()
        (content,) = read_content(self, PLANNED_FIELDS)
        return {**content, "lines": read_content(self.line_ids, LINE_FIELDS)}

    def _get_chain(self):
        """The links in their order, as ``[(label, content, hash), ...]``."""
        self.ensure_one()
        steps = self.step_ids.sorted("sequence")
        chain = [(_("what was planned"), self._get_start_content(), self.start_hash)]
        chain += [step._get_link() for step in steps if step.hash]
        if self.done_hash:
            chain.append((_("the end"), self._get_done_content(), self.done_hash))
        chain += [step._get_revert_link() for step in steps[::-1] if step.revert_hash]
        return chain

    def _get_done_content(self):
        self.ensure_one()
        return {"done_at": self.done_at}

    def _keep_done_hash(self):
        """Chain the end to the steps before it."""
        for rollback in self:
            rollback.done_hash = link(
                rollback._get_last_hash(), rollback._get_done_content()
            )

    def _get_last_hash(self):
        """The hash of the last link."""
        steps = self.step_ids.sorted("sequence")
        hashes = [
            self.start_hash,
            *steps.mapped("hash"),
            self.done_hash,
            *steps[::-1].mapped("revert_hash"),
        ]
        return [kept for kept in hashes if kept][-1]

    def _get_end_content(self):
        """What changes until the end, and not after it."""
        self.ensure_one()
        return {
            "state": self.state,
            "revert_started_at": self.revert_started_at,
            "revert_user_id": self.revert_user_id.id,
            "reverted_at": self.reverted_at,
            "mails": read_content(self.mail_ids, MAIL_FIELDS),
        }

    def _begin_chain(self):
        """Chain the rollback to the company's one before it."""
        self.ensure_one()
        previous = self._find_previous()
        self.previous_hash = previous._get_last_hash() if previous else False
        self.start_hash = link(self.previous_hash or "", self._get_start_content())

    def _find_previous(self):
        """The company's last rollback that was started before this one."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("start_hash", "!=", False),
                ("id", "!=", self.id),
                ("started_at", "<=", self.started_at),
            ],
            order="started_at desc, id desc",
            limit=1,
        )

    def _seal(self):
        """Keep the hash of all that there is."""
        for rollback in self:
            rollback.evidence_hash = link(
                rollback._get_last_hash(), rollback._get_end_content()
            )

    def _find_tampering(self):
        """What was changed behind Odoo's back, in sentences; empty where nothing was."""
        self.ensure_one()
        if not self.start_hash:
            return []
        chain = self._get_chain()
        broken = find_broken(
            self.previous_hash or "",
            [content for _label, content, _hash in chain],
            [kept for _label, _content, kept in chain],
        )
        if broken is not None:
            return [
                _(
                    "%(rollback)s: %(part)s is not what was kept of it.",
                    rollback=self.name,
                    part=chain[broken][0],
                )
            ]
        found = [
            _(
                "%(rollback)s: step %(step)s is not in the state that its hash tells.",
                rollback=self.name,
                step=step.place,
            )
            for step in self.step_ids
            if step._get_proven_state() != step.state
        ]
        if self.evidence_hash and self.evidence_hash != link(
            chain[-1][-1], self._get_end_content()
        ):
            found.append(
                _("%s: its state, its times or its mails were changed.", self.name)
            )
        if self.previous_hash:
            previous = self._find_previous()
            chain = previous._get_chain() if previous else []
            if self.previous_hash not in [kept for *_link, kept in chain]:
                found.append(
                    _(
                        "The rollback before %s is missing, or not what it was then.",
                        self.name,
                    )
                )
        return found

    def action_prove(self):
        """Compute all hashes again, and say whether something was changed."""
        found = [
            sentence for rollback in self for sentence in rollback._find_tampering()
        ]
        message = "\n".join(found) or _(
            "Nothing was changed: %(rollbacks)s, hash %(hashes)s.",
            rollbacks=", ".join(self.mapped("name")),
            hashes=", ".join(filter(None, self.mapped("evidence_hash"))) or "-",
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": _("Proof of the evidence"),
                "message": message,
                "type": "danger" if found else "success",
                "sticky": True,
            },
        }
