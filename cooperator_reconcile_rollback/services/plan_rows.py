"""A plan as rows, and the words for what it holds: people, shares, holdings."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger.numbering import moved
from ..tools.excerpt import Excerpt
from .change_rows import (
    DEPENDENT,
    MADE,
    NOBODY,
    REAPPLIED,
    REMOVED,
    HolderNumber,
    MoveRow,
    NumberRow,
    OperationRow,
    Person,
    PersonRow,
)

# So many holders of freed and given numbers are named.
HOLDERS = 20


class PlanRows:
    """Makes rows of plans in the language of an environment.

    :param limit: at most so many rows of each list; all of them where ``None``
    :param passing: whether people who hold in the end what they held before have a
        row too
    :param reapplied: at most so many rows of operations that are applied again
    """

    def __init__(self, env, limit=None, passing=False, reapplied=0):
        self.env = env
        self.limit = limit
        self.passing = passing
        self.reapplied = reapplied
        self.people = {}
        self.share_types = {}
        self.kinds = {}

    # ------------------------------------------------------------------------ words

    def load(self, plans):
        """Read the names of all people and share types that rows of ``plans`` show.

        The queries do not grow with the plans.
        """
        people, parts = set(), []
        for plan in plans:
            for change in self._get_changes(plan):
                people.add(change.partner)
                parts += change.before.lines + change.after.lines
            for operation, _happens in self._get_operations(plan):
                people.update((operation.partner, operation.receiver))
                parts += operation.shares
            numbers = plan.freed[:HOLDERS] + plan.cooperator_numbers[:HOLDERS]
            people.update(partner for partner, _number in numbers)
        self._load_people(people - {None})
        self._load_share_types({part.share_type for part in parts})

    def _load_people(self, partners):
        present = self.env["res.partner"].browse(sorted(partners)).exists()
        for partner in present:
            self.people[partner.id] = partner.display_name
        gone = set(partners) - set(present.ids)
        for one in gone:
            self.people[one] = _("deleted contact %s", one)
        if gone:
            former = self.env["reconciliation.rollback.former.partner"]
            self.people.update(former._get_names(gone))

    def _load_share_types(self, products):
        for product in self.env["product.product"].browse(sorted(products)):
            self.share_types[product.id] = product.short_name or product.name

    def person(self, partner):
        """Return a person's name.

        :param partner: a partner's id
        """
        if partner not in self.people:
            self._load_people([partner])
        return self.people[partner]

    def kind(self, kind):
        """Return the label of a value of ``subscription.register.type``."""
        if not self.kinds:
            field = self.env["subscription.register"]._fields["type"]
            self.kinds = dict(field._description_selection(self.env))
        return self.kinds.get(kind, kind)

    def shares(self, shares):
        """Return quantity and share type in words.

        :param shares: :class:`~..ledger.operation.Shares`, or a holding's share line
        """
        if shares.share_type not in self.share_types:
            self._load_share_types([shares.share_type])
        return "%s × %s" % (shares.quantity, self.share_types[shares.share_type])

    def holding(self, holding):
        """Return membership, cooperator number and share lines in words.

        :param holding: :class:`~..ledger.holding.Holding`
        """
        shares = ", ".join(
            "%s (%s)" % (self.shares(line), format_date(self.env, line.date))
            for line in holding.lines
        )
        standing = _("no member")
        if holding.member and holding.number:
            standing = _("member %s", holding.number)
        elif holding.member:
            standing = _("member without a number")
        elif holding.old_member and holding.number:
            standing = _("old member %s", holding.number)
        elif holding.old_member:
            standing = _("old member without a number")
        return "%s; %s" % (standing, shares or _("no shares"))

    def happenings(self):
        """Return what can happen to an operation, in words by code."""
        return {
            REMOVED: _("is removed: the payment was not for it"),
            DEPENDENT: _("is removed: it cannot stand without the wrong operation"),
            MADE: _("is made"),
            REAPPLIED: _("is taken back and applied again"),
        }

    # ------------------------------------------------------------------------- rows

    def report(self, name, plan):
        """Return the parts of a :class:`~.change_rows.ChangeReport` that are a plan's.

        :param name: the rollback's
        """
        lasting = sum(change.before != change.after for change in plan.changes)
        passing = len(plan.changes) - lasting
        removed, again = len(plan.removed) + len(plan.inserted), len(plan.reapplied)
        rows = tuple(self._make_operations(name, plan))
        last = len(rows) - min(again, self.reapplied)
        return {
            "has_plan": True,
            "people": Excerpt(
                tuple(self._make_people(name, plan)),
                len(plan.changes) if self.passing else lasting,
            ),
            "passing": passing,
            "operations": Excerpt(rows[:last], removed),
            "reapplied": Excerpt(rows[last:], again),
            "staying": plan.later - again,
            "numbers": tuple(self._make_numbers(plan)),
            "moves": tuple(self._make_moves(plan)),
        }

    def _get_changes(self, plan):
        changes = plan.changes
        if not self.passing:
            changes = [c for c in changes if c.before != c.after]
        return changes[: self.limit]

    def _get_operations(self, plan):
        """Return the operations that get a row, with what happens to each."""
        dependents = set(plan.dependents)
        operations = [
            (operation, DEPENDENT if operation in dependents else REMOVED)
            for operation in plan.removed[: self.limit]
        ]
        operations += [(operation, MADE) for operation in plan.inserted]
        again = [
            (operation, REAPPLIED) for operation in plan.reapplied[: self.reapplied]
        ]
        return operations[: self.limit] + again

    def _get_person(self, partner):
        return Person(partner, self.people[partner]) if partner else NOBODY

    def _make_people(self, name, plan):
        for change in self._get_changes(plan):
            yield PersonRow(
                rollback=name,
                person=self._get_person(change.partner),
                number_before=change.before.number,
                number_after=change.after.number,
                shares_before=change.before.quantity,
                shares_after=change.after.quantity,
                before=self.holding(change.before),
                after=self.holding(change.after),
            )

    def _make_operations(self, name, plan):
        words = self.happenings()
        shifts = plan.operation_shifts
        for operation, happens in self._get_operations(plan):
            stays = happens in (MADE, REAPPLIED)
            yield OperationRow(
                rollback=name,
                number=moved(operation.number, shifts) if stays else operation.number,
                happens=happens,
                what=words[happens],
                kind=self.kind(operation.kind),
                person=self._get_person(operation.partner),
                receiver=self._get_person(operation.receiver),
                date=operation.date,
                day=format_date(self.env, operation.date),
                shares=tuple(map(self.shares, operation.shares)),
                quantity=operation.quantity,
                amount=sum(shares.amount for shares in operation.shares),
            )

    def _make_numbers(self, plan):
        removed = tuple(operation.number for operation in plan.removed)
        made = tuple(
            moved(operation.number, plan.operation_shifts)
            for operation in plan.inserted
        )
        given = [
            (partner, moved(number, plan.cooperator_shifts))
            for partner, number in plan.cooperator_numbers
        ]
        operations, cooperators = plan.operations, plan.cooperators
        for subject, before, after in (
            ("operations", removed, made),
            ("next_operation", (operations.before,), (operations.after,)),
            ("cooperators", plan.freed, given),
            ("next_cooperator", (cooperators.before,), (cooperators.after,)),
            ("unused_operations", (), plan.operation_gaps),
            ("unused_cooperators", (), plan.cooperator_gaps),
        ):
            make = self._name_holders if subject == "cooperators" else self._list
            yield NumberRow(subject, make(before), make(after))

    def _list(self, numbers):
        return Excerpt(tuple(numbers), len(numbers))

    def _name_holders(self, numbers):
        rows = tuple(
            HolderNumber(number, self._get_person(partner))
            for partner, number in numbers[:HOLDERS]
        )
        return Excerpt(rows, len(numbers))

    def _make_moves(self, plan):
        for subject, shifts in (
            ("operations", plan.operation_shifts),
            ("cooperators", plan.cooperator_shifts),
        ):
            for shift in shifts:
                first, last = shift.first - shift.by, shift.last - shift.by
                yield MoveRow(subject, shift.first, shift.last, first, last)
