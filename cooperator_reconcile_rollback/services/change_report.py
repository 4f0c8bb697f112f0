"""What rollbacks change, read once for all documents that tell of it."""

from odoo import _
from odoo.fields import Datetime
from odoo.tools.misc import format_date

from ..tools.excerpt import Excerpt
from .accounting_changes import from_json
from .accounting_words import AccountingWords
from .change_rows import (
    NOBODY,
    ChangeReport,
    EntryRow,
    MailCount,
    MailRow,
    MatchRow,
    Person,
)
from .corrections_register import RollbackRow
from .effect_words import EffectWords
from .plan_rows import PlanRows
from .start_conditions import StartConditions


def report_changes(
    rollbacks, limit=None, passing=False, reapplied=0, started=False, records=True
):
    """Return what rollbacks change, in the language of their environment.

    All is read for all rollbacks together: the queries do not grow with them.

    :param limit: at most so many rows of each list; all of them by default
    :param passing: whether people who hold in the end what they held before have a
        row too
    :param reapplied: at most so many rows of operations that are applied again, which
        a long cascade has thousands of
    :param started: leave out the plan of a rollback that never started
    :param records: whether matches and mails have rows
    :return: :class:`~.change_rows.ChangeReport` by rollback
    """
    plans = {
        rollback: rollback._get_plan()
        for rollback in rollbacks
        if (rollback.started_at or not started) and rollback.plan
    }
    planned = PlanRows(rollbacks.env, limit, passing, reapplied)
    planned.load(plans.values())
    recorded = RecordRows(rollbacks.env, limit)
    changes = {}
    for rollback in rollbacks:
        parts = recorded.report(rollback) if records else {}
        if rollback in plans:
            parts.update(planned.report(rollback.name, plans[rollback]))
            parts["accounting"] = _report_accounting(rollback, limit)
        changes[rollback] = ChangeReport(**parts)
    return changes


def _report_accounting(rollback, limit):
    """Return what is planned for the books, as an excerpt of rows."""
    changes = from_json(rollback.accounting)
    words = AccountingWords(rollback.env)
    return Excerpt(tuple(map(words.make_row, changes[:limit])), len(changes))


def load_register_rows(rollbacks):
    """Return rollbacks as rows of the register of corrections, in their order.

    What a rollback that never started had planned did not come true: it has no
    operations and no people.

    :return: tuple of :class:`~.corrections_register.RollbackRow`
    """
    changes = report_changes(rollbacks, started=True)
    return tuple(
        RollbackRow(
            name=rollback.name,
            reason=rollback._get_label("reason"),
            amount=rollback.amount,
            state=rollback._get_label("state"),
            responsible=rollback.user_id.name,
            started_by=rollback.start_user_id.name or "",
            second_person=", ".join(
                StartConditions(rollback).find_second_people().mapped("name")
            ),
            decided=StartConditions(rollback).word_decision(),
            effect=EffectWords(rollback).short(),
            note=rollback.note or "",
            override=rollback.override_reason or "",
            told=_word_told(rollback),
            started_at=_local(rollback, rollback.started_at),
            done_at=_local(rollback, rollback.done_at),
            reverted_at=_local(rollback, rollback.reverted_at),
            wrong_people=rollback.wrong_people or "",
            right_people=rollback.right_people or "",
            steps=len(rollback.step_ids),
            steps_done=len(rollback.step_ids.filtered("done_at")),
            evidence_hash=rollback.evidence_hash or "",
            changes=changes[rollback],
        )
        for rollback in rollbacks
    )


def _word_told(rollback):
    """Return who was told of a wrong certificate, and when."""
    words = []
    for row in rollback.mail_ids.filtered(lambda row: row.kind == "notice"):
        # sudo: who may see a rollback may see whom it concerns
        person = row.sudo().partner_id.name
        if row.choice == "told" and row.told_on:
            words.append("%s, %s" % (person, format_date(rollback.env, row.told_on)))
        elif row.state == "sent" and rollback.done_at:
            day = _local(rollback, rollback.done_at).date()
            words.append("%s, %s" % (person, format_date(rollback.env, day)))
    return "; ".join(words)


def _local(rollback, moment):
    """Return a moment on the clock of the user; maybe ``None``."""
    if not moment:
        return None
    return Datetime.context_timestamp(rollback, moment).replace(tzinfo=None)


class RecordRows:
    """Makes rows of the matches and mails of rollbacks.

    :param limit: at most so many rows of each list; all of them where ``None``
    """

    def __init__(self, env, limit=None):
        self.env = env
        self.limit = limit
        self.labels = {
            name: self._get_labels("reconciliation.rollback.mail", name)
            for name in ("kind", "choice", "state")
        }

    def report(self, rollback):
        """Return the parts of a :class:`~.change_rows.ChangeReport` that are records."""
        lines = rollback.line_ids
        matches = [self._make_match(rollback, line) for line in lines[: self.limit]]
        mails = rollback.mail_ids.sorted(lambda mail: (not mail.partner_id, mail.id))
        shown = [self._make_mail(rollback, mail) for mail in mails[: self.limit]]
        return {
            "matches": Excerpt(tuple(matches), len(lines)),
            "mails": Excerpt(tuple(shown), len(mails)),
            "mail_counts": self._count_mails(rollback),
        }

    def _get_labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    def _get_person(self, partner):
        return Person(partner.id, partner.display_name) if partner else NOBODY

    def _make_match(self, rollback, line):
        entry = line.reclassification_move_id
        return MatchRow(
            rollback=rollback.name,
            payment=line.payment_move_id.name or "",
            payment_date=line.payment_move_id.date or None,
            booked_on=self._get_person(line.payment_partner_id),
            amount=line.amount,
            wrong_request=line.wrong_move_id.name or "",
            wrong_person=self._get_person(line.wrong_partner_id),
            operation_number=line.operation_number,
            right_request=", ".join(line._get_right_moves().mapped("name")),
            found="" if line.situation == "matched" else line._get_situation(),
            right_person=self._get_person(line.right_partner_id),
            entry=EntryRow(entry.id, entry.name) if entry else None,
        )

    def _make_mail(self, rollback, mail):
        return MailRow(
            rollback=rollback.name,
            about=self._get_person(mail.partner_id),
            to=mail.email_to or "",
            subject=mail.subject or "",
            origin=self._get_origin(rollback, mail),
            kind=self.labels["kind"][mail.kind],
            choice=self._word_choice(mail),
            state=self.labels["state"][mail.state],
        )

    def _word_choice(self, mail):
        """Return what was chosen; of somebody who was told otherwise when and how."""
        label = self.labels["choice"][mail.choice]
        if mail.choice != "told":
            return label
        when = mail.told_on and format_date(self.env, mail.told_on)
        return ": ".join([label, ", ".join(filter(None, (when, mail.told_how)))])

    def _get_origin(self, rollback, mail):
        if mail.is_waiting:
            return _("Waited before")
        if mail.is_own:
            return _("Made by the rollback")
        if mail.state != "expected" and rollback.started_at:
            return _("Came meanwhile")
        return _("Planned")

    def _count_mails(self, rollback):
        """Count the mails by state, in the order of the states."""
        states = rollback.mail_ids.mapped("state")
        return tuple(
            MailCount(state, label, states.count(state))
            for state, label in self.labels["state"].items()
            if state in states
        )
