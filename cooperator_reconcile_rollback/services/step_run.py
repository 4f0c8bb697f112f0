"""Running a step, or undoing it, in its turn and once only."""

from odoo import _, fields
from odoo.exceptions import UserError

from ..books.query import read_table
from ..ledger.hash_chain import link
from ..ledger.stored_json import KEPT, SNAPSHOT, dump
from ..tools.read_content import read_content

STEP_FIELDS = (
    "sequence",
    "number",
    "place",
    "kind",
    "job_uuid",
    "batch",
    "before",
    "after",
    "kept",
    "started_at",
    "done_at",
)
REVERT_FIELDS = ("place", "revert_job_uuid", "reverted_at")
# what a snapshot says of a step that was done by hand, and the state of the step
BY_HAND = "done by hand before"
BY_HAND_STATE = "by_hand"
DONE_STATES = ("done", BY_HAND_STATE)
# what else running a step needs
STATE_FIELDS = ("rollback_id", "company_id", "state")


class StepRun:
    """One run of a step, whose row is locked; reads each thing once.

    :param step: ``reconciliation.rollback.step``, as the rollback's own, see
        ``_as_rollback``
    :param content: what :func:`read_step` gave; to run the step, not to undo it
    """

    def __init__(self, step, content=None):
        self.step = step
        self.env = step.env
        self.rollback = step.rollback_id
        self.content = content
        self.others = read_table(
            step,
            ["sequence", "place", "state", "hash"],
            "rollback_id = %s AND id != %s",
            (self.rollback.id, step.id),
            order="sequence",
        )

    def run_in_turn(self):
        """Run the step unless it is done.

        :return: a sentence
        :raises UserError: it is not its turn, or it can't be done
        """
        if self.step.state in DONE_STATES:
            return _("Was done already.")
        if self.rollback.revert_started_at:
            return _("%s is being reverted: nothing was done.", self.rollback.name)
        # where its job was requeued from the list of jobs
        has_failed = self.rollback.state == "failed"
        self._check_turn()
        self.run()
        if all(other.state in DONE_STATES for other in self.others):
            self.rollback._set_done()
        elif has_failed:
            self.rollback.state = "running"
        return _("Done.")

    def run(self):
        """Do the step, and keep all that is known of it in one write.

        :raises UserError: it can't be done
        """
        started_at = fields.Datetime.now()
        kind = self.step._get_kind()
        hashes = [other.hash for other in self.others if other.hash]
        previous = hashes[-1] if hashes else self.rollback.start_hash
        self._take_back_unrecorded()
        known = kind._makes_mail and self._find_mail_rows()
        performed = kind._perform(self.step)
        state = performed.pop("state", "done")
        if kind._makes_mail:
            made = self._find_mail_rows() - known
            if made:
                made.write({"is_own": True})
        values = {
            **performed,
            "before": dump(SNAPSHOT, performed["before"], indent=1),
            "after": dump(SNAPSHOT, performed["after"], indent=1),
            "kept": dump(KEPT, performed["kept"]),
            "started_at": started_at,
            "done_at": fields.Datetime.now(),
        }
        content = {**self.content, **values}
        values["hash"] = link(previous, {name: content[name] for name in STEP_FIELDS})
        self.step.write({**values, "state": state, "error": False})

    def undo_in_turn(self):
        """Undo the step if it is done.

        :return: a sentence
        :raises UserError: it is not its turn, or it can't be undone
        """
        step = self.step
        if step.state in ("reverted", "cancelled"):
            return _("Was undone already.")
        self._check_revert_turn()
        if step.state in DONE_STATES:
            step._get_kind()._undo(step)
            result, state = _("Undone."), "reverted"
        else:
            self._take_back_unrecorded()
            result, state = _("It had not been done."), "cancelled"
        values = {"reverted_at": fields.Datetime.now()}
        (content,) = read_content(step, REVERT_FIELDS)
        values["revert_hash"] = link(
            self.rollback._get_last_hash(), {**content, **values}
        )
        step.write({**values, "state": state, "error": False})
        if all(other.state in ("reverted", "cancelled") for other in self.others):
            self.rollback._set_reverted()
        elif self.rollback.state == "failed":
            # its job was requeued from the list of jobs
            self.rollback.state = "reverting"
        return result

    def _take_back_unrecorded(self):
        """Take back what of the step is there though it is not done."""
        # before its turn there is nothing of it: what looks like it is older
        if not self._find_earlier_undone():
            self.step._get_kind()._take_back_unrecorded(self.step)

    def _find_earlier_undone(self):
        return [
            other
            for other in self.others
            if other.sequence < self.step.sequence and other.state not in DONE_STATES
        ]

    def _check_turn(self):
        """:raises UserError: a step before this one is not done"""
        earlier = self._find_earlier_undone()
        if earlier:
            raise UserError(
                _(
                    "%(rollback)s: step %(step)s has to wait for step %(earlier)s. Let "
                    "that end first; where it has failed, press Retry.",
                    rollback=self.rollback.name,
                    step=self.step.place,
                    earlier=earlier[0].place,
                )
            )

    def _check_revert_turn(self):
        """:raises UserError: a step after this one is not undone"""
        later = [
            other
            for other in self.others
            if other.sequence > self.step.sequence and other.state in DONE_STATES
        ]
        if later:
            raise UserError(
                _(
                    "%(rollback)s: undoing step %(step)s has to wait for step %(later)s. "
                    "Let that end first; where it has failed, press Retry.",
                    rollback=self.rollback.name,
                    step=self.step.place,
                    later=later[-1].place,
                )
            )

    def _find_mail_rows(self):
        """The rollback's rows whose mail is there."""
        return self.env["reconciliation.rollback.mail"].search(
            [("rollback_id", "=", self.rollback.id), ("mail_id", "!=", False)]
        )


def read_step(step):
    """Read all that running a step needs of it, at once.

    :return: what its hash covers, as it is before the step
    """
    (content,) = read_content(step, STEP_FIELDS + STATE_FIELDS)
    return content
