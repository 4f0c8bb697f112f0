"""What rollbacks change, read once for all documents that tell of it."""

from dataclasses import dataclass

from odoo import _
from odoo.fields import Datetime

from ..ledger.numbering import moved
from ..ledger.plan import Plan
from ..tools.excerpt import Excerpt, excerpt
from .change_rows import (
    DEPENDENT,
    MADE,
    NOBODY,
    REAPPLIED,
    REMOVED,
    ChangeReport,
    EntryRow,
    MailCount,
    MailRow,
    MatchRow,
    NumberRow,
    OperationRow,
    Person,
    PersonRow,
)
from .corrections_register import RollbackRow
from .wording import NONE, RANGES, Wording


def report_changes(rollbacks, limit=None, passing=False, reapplied=0, started=False):
    """Return what rollbacks change, in the language of their environment.

    All is read for all rollbacks together: the queries do not grow with them.

    :param limit: at most so many rows of each list; all of them by default
    :param passing: whether people who hold in the end what they held before have a
        row too
    :param reapplied: at most so many rows of operations that are applied again, which
        a long cascade has thousands of
    :param started: leave out the plan of a rollback that never started
    :return: :class:`~.change_rows.ChangeReport` by rollback
    """
    chosen = {
        rollback: Chosen.of(rollback._get_plan(), limit, passing, reapplied)
        for rollback in rollbacks
        if (rollback.started_at or not started) and rollback.plan
    }
    reporter = ChangeReporter(rollbacks.env, limit)
    reporter.load(chosen.values())
    return {
        rollback: reporter.report(rollback, chosen.get(rollback))
        for rollback in rollbacks
    }


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


def _local(rollback, moment):
    """Return a moment on the clock of the user; maybe ``None``."""
    if not moment:
        return None
    return Datetime.context_timestamp(rollback, moment).replace(tzinfo=None)


@dataclass(frozen=True)
class Chosen:
    """The parts of a plan that get rows.

    :param operations: operations with what happens to each
    :param freed: partner's id and the cooperator number that he leaves
    :param given: partner's id and the cooperator number that he gets
    """

    plan: Plan
    changes: Excerpt
    passing: int
    operations: Excerpt
    reapplied: Excerpt
    freed: Excerpt
    given: Excerpt

    @classmethod
    def of(cls, plan, limit, passing, reapplied):
        """Choose from ``plan``; see :func:`report_changes`."""
        lasting = [c for c in plan.changes if c.before != c.after]
        dependents = set(plan.dependents)
        operations = [
            (operation, DEPENDENT if operation in dependents else REMOVED)
            for operation in plan.removed
        ]
        operations += [(operation, MADE) for operation in plan.inserted]
        again = [(operation, REAPPLIED) for operation in plan.reapplied[:reapplied]]
        return cls(
            plan=plan,
            changes=excerpt(plan.changes if passing else lasting, limit),
            passing=len(plan.changes) - len(lasting),
            operations=excerpt(operations, limit),
            reapplied=Excerpt(tuple(again), len(plan.reapplied)),
            freed=excerpt(plan.freed, RANGES),
            given=excerpt(plan.cooperator_numbers, RANGES),
        )

    @property
    def people(self):
        """Ids of the partners who are named."""
        operations = self.operations.rows + self.reapplied.rows
        return {
            *(change.partner for change in self.changes.rows),
            *(partner for operation, _ in operations for partner in operation.partners),
            *(partner for partner, _number in self.freed.rows + self.given.rows),
        }

    @property
    def share_types(self):
        """Ids of the products that are named."""
        holdings = [h for c in self.changes.rows for h in (c.before, c.after)]
        parts = [part for holding in holdings for part in holding.lines]
        for operation, _fate in self.operations.rows + self.reapplied.rows:
            parts += operation.shares
        return {part.share_type for part in parts}


class ChangeReporter:
    """Makes the rows of rollbacks.

    :param limit: at most so many rows of each list; all of them where ``None``
    """

    def __init__(self, env, limit=None):
        self.env = env
        self.limit = limit
        self.wording = Wording(env)
        self.fates = self.wording.fates()
        self.mail_labels = {
            name: self._get_labels("reconciliation.rollback.mail", name)
            for name in ("kind", "choice", "state")
        }

    def load(self, chosen):
        """Read the names of all people and share types at once.

        :param chosen: :class:`Chosen` of each rollback
        """
        people, share_types = set(), set()
        for one in chosen:
            people |= one.people
            share_types |= one.share_types
        self.wording.load(people, share_types)

    def report(self, rollback, chosen=None):
        """Return one rollback's :class:`~.change_rows.ChangeReport`.

        :param chosen: what its plan tells; ``None`` where there is no plan to tell of
        """
        mails = rollback.mail_ids.sorted(lambda mail: (not mail.partner_id, mail.id))
        lines = rollback.line_ids
        changes = {
            "matches": self._list(
                self._make_match, rollback, excerpt(lines, self.limit)
            ),
            "mails": self._list(self._make_mail, rollback, excerpt(mails, self.limit)),
            "mail_counts": self._count_mails(rollback),
        }
        if chosen:
            plan = chosen.plan
            changes.update(
                has_plan=True,
                people=self._list(self._make_person, rollback, chosen.changes),
                passing=chosen.passing,
                operations=self._make_operations(rollback, chosen, "operations"),
                reapplied=self._make_operations(rollback, chosen, "reapplied"),
                staying=plan.later - len(plan.reapplied),
                numbers=tuple(self._make_numbers(chosen)),
                later=tuple(self.wording.later_operations(plan)),
            )
        return ChangeReport(**changes)

    def _list(self, make, rollback, shown):
        return Excerpt(tuple(make(rollback, part) for part in shown.rows), shown.total)

    def _get_labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    def _get_person(self, partner):
        return Person(partner.id, partner.display_name) if partner else NOBODY

    def _find_person(self, partner):
        return Person(partner, self.wording.person(partner)) if partner else NOBODY

    def _make_match(self, rollback, line):
        entry = line.reclassification_move_id
        return MatchRow(
            rollback=rollback.name,
            payment=line.payment_move_id.name,
            payment_date=line.payment_move_id.date,
            booked_on=self._get_person(line.payment_partner_id),
            amount=line.amount,
            wrong_request=line.wrong_move_id.name,
            wrong_person=self._get_person(line.wrong_partner_id),
            operation_number=line.operation_number,
            right_request=line.right_move_id.name or "",
            right_person=self._get_person(line.right_partner_id),
            entry=EntryRow(entry.id, entry.name) if entry else None,
        )

    def _make_person(self, rollback, change):
        return PersonRow(
            rollback=rollback.name,
            person=self._find_person(change.partner),
            number_before=change.before.number,
            number_after=change.after.number,
            shares_before=change.before.quantity,
            shares_after=change.after.quantity,
            before=self.wording.holding(change.before),
            after=self.wording.holding(change.after),
        )

    def _make_operations(self, rollback, chosen, name):
        shifts = chosen.plan.operation_shifts
        shown = getattr(chosen, name)
        rows = tuple(
            self._make_operation(rollback, operation, happens, shifts)
            for operation, happens in shown.rows
        )
        return Excerpt(rows, shown.total)

    def _make_operation(self, rollback, operation, happens, shifts):
        is_removed = happens in (REMOVED, DEPENDENT)
        return OperationRow(
            rollback=rollback.name,
            number=operation.number if is_removed else moved(operation.number, shifts),
            happens=happens,
            what=self.fates[happens],
            kind=self.wording.kind(operation.kind),
            person=self._find_person(operation.partner),
            receiver=self._find_person(operation.receiver),
            date=operation.date,
            day=self.wording.day(operation.date),
            shares=tuple(map(self.wording.shares, operation.shares)),
            quantity=operation.quantity,
            amount=sum(shares.amount for shares in operation.shares),
        )

    def _make_numbers(self, chosen):
        """Make the rows of numbers; those that move have a row for each range."""
        plan, words = chosen.plan, self.wording
        shifts = plan.operation_shifts
        made = [moved(operation.number, shifts) for operation in plan.inserted]
        given = tuple(
            (partner, moved(number, plan.cooperator_shifts))
            for partner, number in chosen.given.rows
        )
        yield NumberRow(
            "operations",
            _("Operation numbers"),
            words.numbers(operation.number for operation in plan.removed),
            words.numbers(made),
        )
        yield NumberRow(
            "next_operation",
            _("Next operation number"),
            str(plan.operations.before),
            str(plan.operations.after),
        )
        yield NumberRow(
            "cooperators",
            _("Cooperator numbers"),
            words.holders(chosen.freed),
            words.holders(Excerpt(given, chosen.given.total)),
        )
        yield NumberRow(
            "next_cooperator",
            _("Next cooperator number"),
            str(plan.cooperators.before),
            str(plan.cooperators.after),
        )
        yield NumberRow(
            "unused_operations",
            _("Operation numbers that this leaves unused"),
            NONE,
            words.numbers(plan.operation_gaps),
        )
        yield NumberRow(
            "unused_cooperators",
            _("Cooperator numbers that this leaves unused"),
            NONE,
            words.numbers(plan.cooperator_gaps),
        )
        for subject, label, shifts in (
            (
                "moved_operations",
                _("Operation numbers that move"),
                plan.operation_shifts,
            ),
            (
                "moved_cooperators",
                _("Cooperator numbers that move"),
                plan.cooperator_shifts,
            ),
        ):
            for shift in shifts[:RANGES]:
                yield NumberRow(
                    subject,
                    label,
                    words.number_range(shift.first, shift.last),
                    words.number_range(shift.first - shift.by, shift.last - shift.by),
                )

    def _make_mail(self, rollback, mail):
        return MailRow(
            rollback=rollback.name,
            about=self._get_person(mail.partner_id),
            to=mail.email_to or "",
            subject=mail.subject or "",
            origin=self._get_origin(rollback, mail),
            **{name: words[mail[name]] for name, words in self.mail_labels.items()},
        )

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
            for state, label in self.mail_labels["state"].items()
            if state in states
        )
