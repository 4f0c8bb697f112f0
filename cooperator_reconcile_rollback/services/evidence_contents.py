"""What the hashes of rollbacks cover, read for all of them at once."""

from itertools import chain

from odoo.tools import lazy_property

from ..books.query import select
from ..ledger.stored_json import EVIDENCE, load
from ..tools.read_content import read_content
from .step_run import REVERT_FIELDS, STEP_FIELDS

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
# what a correction may have beyond a match; see EvidenceContents._get_choices
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
# What hashes cover since which version.
VERSION = 2
PLANNED_FIELDS_BY_VERSION = {
    1: ("evidence_version", "warnings", "dry_run_at", "dry_run"),
    2: (
        *("member_numbering", "decided_by", "decision_date", "decision_reference"),
        "effects",
    ),
}
MAIL_FIELDS_1 = ("request_id", "is_waiting", "is_own", "state")
MAIL_FIELDS_2 = ("told_on", "told_how", "state")
POSTPONED_FIELDS = ("id", "move_id", "user_id", "effective_date", "state")
# What of a correction the steps change, kept as it is at the start.
CHANGING_FIELDS = ("id", "wrong_match_id", "payment_line_id")
MADE_USERS = """
    SELECT reconciliation_rollback_id AS rollback, res_users_id AS user
    FROM reconciliation_rollback_res_users_rel
    WHERE reconciliation_rollback_id IN %s ORDER BY res_users_id
"""


class EvidenceContents:
    """What the hashes of rollbacks cover, as JSON values.

    A rollback keeps by which version of this class it was sealed. Later versions cover
    more; what earlier ones have sealed proves as before.

    :param rollbacks: ``reconciliation.rollback``, some
    """

    def __init__(self, rollbacks):
        self.rollbacks = rollbacks
        self.env = rollbacks.env

    # what was planned

    def get_start(self, rollback):
        """What was planned, without what other modules add."""
        content = {
            **self._planned[rollback.id],
            "lines": self._lines.get(rollback.id, []),
            **self._get_choices(rollback),
        }
        if rollback.evidence_version:
            content.update(
                self._get_planned_by_version(rollback),
                made_user_ids=self._get_made_users(rollback),
            )
        return content

    def _get_planned_by_version(self, rollback):
        """What the version of a rollback covers beyond the first release's fields."""
        content = self._planned_by_version[rollback.id]
        return {
            name: content[name]
            for version, names in PLANNED_FIELDS_BY_VERSION.items()
            for name in names
            if version <= rollback.evidence_version
        }

    def get_sealed_start(self, rollback):
        """What was planned, with what was kept of what may be gone."""
        if rollback.evidence_kept:
            return {
                **self.get_start(rollback),
                **load_kept(rollback),
            }
        # an earlier release has sealed it
        return rollback._get_start_content()

    def get_changing(self, rollback):
        """What of the corrections the steps change, and the users that were made."""
        return {
            "lines": read_content(rollback.line_ids, CHANGING_FIELDS),
            "made_user_ids": self._made_users.get(rollback.id, []),
        }

    def _get_choices(self, rollback):
        """What was chosen beyond the usual; releases before 1.2 had nothing of it.

        Where nothing was, it leaves no trace in what is hashed, so that rollbacks of
        these releases prove as before.
        """
        choices = {
            "situations": [
                content
                for content in self._line_choices.get(rollback.id, [])
                if {**content, **USUAL_CHOICE} != content
            ],
            "further right requests": self._rights.get(rollback.id, []),
            "unexplained holdings": self._differences.get(rollback.id, []),
            "accounting": rollback.accounting,
        }
        return {name: kept for name, kept in choices.items() if kept}

    def _get_made_users(self, rollback):
        """The users that the wrong operations made, those deleted since included."""
        made = set(self._made_users.get(rollback.id, []))
        if rollback.evidence_kept:
            kept = load_kept(rollback).get("changing", {}).get("made_user_ids", [])
            # sudo: users are for system administrators
            users = self.env["res.users"].sudo().browse(set(kept) - made)
            made |= set(users.ids) - set(users.exists().ids)
        return sorted(made)

    # the steps, and the end

    def get_step(self, step):
        """What a finished step has found and left."""
        return self._steps[step.id]

    def get_revert(self, step):
        """When a step was undone, and by which job."""
        return self._reverts[step.id]

    def get_end(self, rollback):
        """What changes until the end, and after it by the rollback's own doing only."""
        content = {
            "state": rollback.state,
            "revert_started_at": rollback.revert_started_at,
            "revert_user_id": rollback.revert_user_id.id,
            "reverted_at": rollback.reverted_at,
            "mails": self._mails.get(rollback.id, []),
        }
        if rollback.evidence_version:
            # What came while it ended is not seen by the end: it is sealed once it is
            # sent or registered.
            content.update(
                {
                    "mails": _leave_out(content["mails"], "held"),
                    "mail marks": _leave_out(
                        self._mail_marks.get(rollback.id, []), "held"
                    ),
                    "payments meanwhile": _leave_out(
                        self._postponed.get(rollback.id, []), "waiting"
                    ),
                    "errors": [
                        [step.place, step.error]
                        for step in rollback.step_ids.sorted("sequence")
                        if step.error
                    ],
                    "books": rollback.evidence_books,
                }
            )
        if rollback.evidence_version >= 2:
            told = self._mail_told.get(rollback.id, [])
            content["told"] = _leave_out(told, "held")
        return content

    # reading, each once for all rollbacks

    @lazy_property
    def _planned(self):
        return self._read_each(self.rollbacks, PLANNED_FIELDS)

    @lazy_property
    def _planned_by_version(self):
        names = chain.from_iterable(PLANNED_FIELDS_BY_VERSION.values())
        return self._read_each(self.rollbacks, tuple(names))

    @lazy_property
    def _lines(self):
        return self._read_parts(self.rollbacks.line_ids, LINE_FIELDS)

    @lazy_property
    def _line_choices(self):
        return self._read_parts(self.rollbacks.line_ids, CHOICE_FIELDS)

    @lazy_property
    def _rights(self):
        return self._read_parts(
            self.rollbacks.line_ids.right_ids,
            RIGHT_FIELDS,
            lambda right: right.line_id.rollback_id,
        )

    @lazy_property
    def _differences(self):
        return self._read_parts(self.rollbacks.difference_ids, DIFFERENCE_FIELDS)

    @lazy_property
    def _made_users(self):
        if not self.rollbacks:
            return {}
        made = {}
        for row in select(self.env, MADE_USERS, (self.rollbacks._ids,)):
            made.setdefault(row.rollback, []).append(row.user)
        return made

    @lazy_property
    def _steps(self):
        return self._read_each(self.rollbacks.step_ids, STEP_FIELDS)

    @lazy_property
    def _reverts(self):
        return self._read_each(self.rollbacks.step_ids, REVERT_FIELDS)

    @lazy_property
    def _mails(self):
        return self._read_parts(self.rollbacks.mail_ids, MAIL_FIELDS)

    @lazy_property
    def _mail_marks(self):
        return self._read_parts(self.rollbacks.mail_ids, MAIL_FIELDS_1)

    @lazy_property
    def _mail_told(self):
        return self._read_parts(self.rollbacks.mail_ids, MAIL_FIELDS_2)

    @lazy_property
    def _postponed(self):
        return self._read_parts(self.rollbacks.postponed_ids, POSTPONED_FIELDS)

    def _read_each(self, records, names):
        """``{id: content}``"""
        contents = read_content(records, names)
        return dict(zip(records.ids, contents))

    def _read_parts(self, records, names, find_rollback=lambda part: part.rollback_id):
        """``{rollback's id: contents of its parts}``"""
        parts = {}
        for record, content in zip(records, read_content(records, names)):
            parts.setdefault(find_rollback(record).id, []).append(content)
        return parts


def _leave_out(contents, state):
    return [content for content in contents if content["state"] != state]


def load_kept(rollback):
    """What was kept at the start; what nobody can read any more is no value of it."""
    try:
        return load(EVIDENCE, rollback.evidence_kept)
    except ValueError:
        return {"unreadable": rollback.evidence_kept}


def get_done_content(rollback):
    """What the hash of the end covers."""
    return {"done_at": rollback.done_at}
