"""What becomes of the numbers of wrong operations and of their people, in sentences."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger.numbering import APPEND, KEEPING
from .plan_rows import HOLDERS, PlanRows

# in these the numbers are what they were before the rollback
UNCHANGED_STATES = ("reverted", "cancelled")


class NumberWords:
    """Says whom a number meant and whom it means, in the language of an environment.

    Numbers leave the house on certificates and prints: whoever reads one of before has to
    know whom it meant.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env
        self.words = PlanRows(rollback.env)

    def sentences(self):
        """Return a sentence for each number that an operation or a cooperator loses.

        Of a long cascade it is the first ones. It is empty without a plan.
        """
        rollback = self.rollback
        if not rollback.plan or rollback.state in UNCHANGED_STATES:
            return []
        plan = rollback._get_plan()
        told = [
            *self._operations(plan),
            *self._right_operations(plan),
            *self._cooperators(plan),
            *self._certificates(plan),
        ]
        more = max(len(plan.removed), len(plan.freed)) - HOLDERS
        if more > 0:
            told.append(_("It is likewise for %s further numbers.", more))
        return told

    def _operations(self, plan):
        takers = {one.number: one.partner for one in plan.inserted}
        for operation in plan.removed[:HOLDERS]:
            number, partner = operation.number, operation.partner
            taker = takers.get(number)
            if taker == partner:
                continue
            if taker:
                yield self._operation_taken(operation, taker)
            elif number not in plan.operation_gaps:
                yield self._operation_returned(operation, plan)
            elif self.rollback.numbering == APPEND:
                yield _(
                    "Operation %(number)s of %(person)s, effective on %(date)s, was "
                    "entered in error. It stays in the register, struck through, and its "
                    "number is not given again.",
                    **self._name(operation),
                )
            else:
                yield _(
                    "Operation number %(number)s of %(person)s stays unused for good. The "
                    "reason is %(rollback)s.",
                    **self._name(operation),
                    rollback=self.rollback.name,
                )

    def _operation_taken(self, operation, taker):
        values = {**self._name(operation), "right": self.words.person(taker)}
        if self.rollback.state == "done":
            return _(
                "Operation number %(number)s meant %(person)s from %(date)s to %(end)s and "
                "means %(right)s since. Documents of before mean %(person)s by it.",
                **values,
                end=self._get_end(),
            )
        return _(
            "Operation number %(number)s, that of %(person)s since %(date)s, becomes that "
            "of %(right)s. Documents of before mean %(person)s by it.",
            **values,
        )

    def _operation_returned(self, operation, plan):
        if plan.operation_shifts:
            # what moves down has it
            return _(
                "Operation number %(number)s, that of %(person)s since %(date)s, goes to a "
                "later operation. Documents of before mean %(person)s by it.",
                **self._name(operation),
            )
        return _(
            "Operation number %(number)s, that of %(person)s since %(date)s, goes to the "
            "next operation. Documents of before mean %(person)s by it.",
            **self._name(operation),
        )

    def _right_operations(self, plan):
        if self.rollback.numbering not in KEEPING:
            return
        for operation in plan.inserted[:HOLDERS]:
            yield _(
                "The right operation, of %(person)s, gets number %(number)s and is "
                "effective on %(date)s.",
                **self._name(operation),
            )

    def _cooperators(self, plan):
        takers = {number: partner for partner, number in plan.cooperator_numbers}
        for partner, number in plan.freed[:HOLDERS]:
            values = {"number": number, "person": self.words.person(partner)}
            taker = takers.get(number)
            if taker:
                yield self._cooperator_taken(values, taker)
            elif number in plan.cooperator_gaps:
                yield _(
                    "Cooperator number %(number)s of %(person)s is not given again.",
                    **values,
                )
            elif plan.cooperator_shifts:
                yield _(
                    "Cooperator number %(number)s of %(person)s goes to somebody else. "
                    "Documents of before mean %(person)s by it.",
                    **values,
                )
            else:
                yield _(
                    "Cooperator number %(number)s of %(person)s goes to the next "
                    "cooperator. Documents of before mean %(person)s by it.",
                    **values,
                )

    def _cooperator_taken(self, values, taker):
        values = {**values, "right": self.words.person(taker)}
        if self.rollback.state == "done":
            return _(
                "Cooperator number %(number)s meant %(person)s until %(end)s and means "
                "%(right)s since. Documents of before mean %(person)s by it.",
                **values,
                end=self._get_end(),
            )
        return _(
            "Cooperator number %(number)s of %(person)s becomes that of %(right)s. "
            "Documents of before mean %(person)s by it.",
            **values,
        )

    def _certificates(self, plan):
        """Say whether certificates with numbers that are given again have left."""
        again = {
            one.partner
            for one in plan.removed[:HOLDERS]
            if one.number not in plan.operation_gaps
        }
        again.update(
            partner
            for partner, number in plan.freed[:HOLDERS]
            if number not in plan.cooperator_gaps
        )
        for row in self.rollback.mail_ids:
            if row.partner_id.id not in again:
                continue
            person = self.words.person(row.partner_id.id)
            if row.kind == "notice" and row.choice == "send":
                yield _(
                    "A certificate with the old numbers has left to %s: a notice says that "
                    "it is wrong.",
                    person,
                )
            elif row.kind == "notice" and row.choice == "told":
                yield _(
                    "A certificate with the old numbers has left to %(person)s, who was "
                    "told on %(date)s that it is wrong: %(how)s.",
                    person=person,
                    date=format_date(self.env, row.told_on),
                    how=row.told_how,
                )
            elif row.kind == "notice":
                yield _(
                    "A certificate with the old numbers has left to %s: no notice says that "
                    "it is wrong.",
                    person,
                )
            elif row.kind == "certificate" and row.is_waiting:
                yield _("No certificate with the old numbers has left to %s.", person)

    def _name(self, operation):
        return {
            "number": operation.number,
            "person": self.words.person(operation.partner),
            "date": format_date(self.env, operation.date),
        }

    def _get_end(self):
        return format_date(self.env, self.rollback.done_at)
