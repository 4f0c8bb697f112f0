from odoo import _, models
from odoo.fields import Datetime

from ..ledger.numbering import moved
from ..report.corrections_register import (
    MailRow,
    MatchRow,
    OperationRow,
    PersonRow,
    RollbackRow,
)


class ReconciliationRollback(models.Model):
    """Rollbacks as rows of the register of corrections."""

    _inherit = "reconciliation.rollback"

    def _load_register_rows(self):
        """The rollbacks as :class:`~..report.corrections_register.RollbackRow`, in order.

        What all rollbacks need is read together: the queries do not grow with them.
        """
        # where one never started, no plan came true: only its lines tell of it
        plans = {
            rollback: rollback._get_plan()
            for rollback in self
            if rollback.started_at and rollback.plan
        }
        self._prefetch_words(plans.values())
        return tuple(
            rollback._prepare_register_row(plans.get(rollback)) for rollback in self
        )

    def _prefetch_words(self, plans):
        """Read the names of all people and share types of plans at once."""
        partners, products = set(), set()
        for plan in plans:
            for operation in plan.removed + plan.inserted:
                partners.update(operation.partners)
                products.update(shares.share_type for shares in operation.shares)
            for change in plan.changes:
                if change.before != change.after:
                    lines = change.before.lines + change.after.lines
                    partners.add(change.partner)
                    products.update(line.share_type for line in lines)
        self.env["res.partner"].browse(partners).mapped("display_name")
        self.env["product.product"].browse(products).mapped("name")

    def _prepare_register_row(self, plan):
        """One rollback's row.

        :param plan: what became true of it; ``None`` where it never started
        """
        people = self._prepare_person_rows(plan) if plan else ()
        operations = self._prepare_operation_rows(plan) if plan else ()
        states = self.mail_ids.mapped("state")
        return RollbackRow(
            name=self.name,
            reason=self._get_label("reason"),
            amount=self.amount,
            state=self._get_label("state"),
            responsible=self.user_id.name,
            started_at=self._get_local(self.started_at),
            done_at=self._get_local(self.done_at),
            reverted_at=self._get_local(self.reverted_at),
            wrong_people=self.wrong_people or "",
            right_people=self.right_people or "",
            operations_before=tuple(
                sorted(operation.number for operation in plan.removed)
                if plan
                else sorted(set(self.line_ids.mapped("operation_number")) - {0})
            ),
            operations_after=tuple(
                moved(operation.number, plan.operation_shifts)
                for operation in (plan.inserted if plan else ())
            ),
            numbers_before=self._get_changed_numbers(people, "number_before"),
            numbers_after=self._get_changed_numbers(people, "number_after"),
            reapplied=len(plan.reapplied) if plan else 0,
            steps=len(self.step_ids),
            steps_done=len(self.step_ids.filtered("done_at")),
            mails=len(states),
            mails_sent=states.count("sent"),
            mails_cancelled=states.count("cancelled"),
            evidence_hash=self.evidence_hash or "",
            matches=self._prepare_match_rows(),
            operations=operations,
            people=people,
            mail_rows=self._prepare_mail_rows(),
        )

    def _get_local(self, moment):
        """A moment on the clock of the user; maybe ``None``."""
        if not moment:
            return None
        return Datetime.context_timestamp(self, moment).replace(tzinfo=None)

    def _get_changed_numbers(self, people, name):
        numbers = [
            getattr(row, name)
            for row in people
            if row.number_before != row.number_after
        ]
        return tuple(number for number in numbers if number)

    def _prepare_match_rows(self):
        return tuple(
            MatchRow(
                rollback=self.name,
                payment=line.payment_move_id.name,
                payment_date=line.payment_move_id.date,
                booked_on=line.payment_partner_id.display_name or "",
                amount=line.amount,
                wrong_request=line.wrong_move_id.name,
                wrong_person=line.wrong_partner_id.display_name,
                right_request=line.right_move_id.name or "",
                right_person=line.right_partner_id.display_name or "",
                reclassification=line.reclassification_move_id.name or "",
            )
            for line in self.line_ids
        )

    def _prepare_operation_rows(self, plan):
        partners = self.env["res.partner"]
        removed, made = _("Removed"), _("Made")
        rows = [(operation, operation.number, removed) for operation in plan.removed]
        rows += [
            (operation, moved(operation.number, plan.operation_shifts), made)
            for operation in plan.inserted
        ]
        return tuple(
            OperationRow(
                rollback=self.name,
                number=number,
                what=what,
                kind=self._word_kind(operation.kind),
                person=partners.browse(operation.partner).display_name,
                receiver=partners.browse(operation.receiver).display_name or "",
                date=operation.date,
                shares=", ".join(
                    "%s × %s"
                    % (shares.quantity, self._word_share_type(shares.share_type))
                    for shares in operation.shares
                ),
                quantity=operation.quantity,
                amount=sum(shares.amount for shares in operation.shares),
            )
            for operation, number, what in rows
        )

    def _prepare_person_rows(self, plan):
        partners = self.env["res.partner"]
        return tuple(
            PersonRow(
                rollback=self.name,
                person=partners.browse(change.partner).display_name,
                number_before=change.before.number,
                number_after=change.after.number,
                shares_before=change.before.quantity,
                shares_after=change.after.quantity,
                before=self._word_holding(change.before),
                after=self._word_holding(change.after),
            )
            for change in plan.changes
            if change.before != change.after
        )

    def _prepare_mail_rows(self):
        mails = self.env["reconciliation.rollback.mail"]
        labels = {
            name: dict(mails._fields[name]._description_selection(self.env))
            for name in ("kind", "choice", "state")
        }
        return tuple(
            MailRow(
                rollback=self.name,
                about=mail.partner_id.display_name or "",
                to=mail.email_to or "",
                subject=mail.subject or "",
                **{name: labels[name][mail[name]] for name in labels},
            )
            for mail in self.mail_ids
        )
