from odoo import _, models
from odoo.exceptions import UserError

from ..books.renumbering import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from ..books.request_reader import PAID_STATES
from ..services.payments import Payments, remove_right_matches
from ..tools import series
from .undo_rows import (
    MATCHES,
    MEMBERSHIPS,
    REGISTER,
    SHARES,
    SUBSCRIPTIONS,
    conditions_of,
)


class MakeMatch(models.AbstractModel):
    """Manual, step 8: match the payment with the right request.

    Cooperator draws the numbers. Both sequences are set to the planned number before,
    and what was drawn is checked after.
    """

    _name = "reconciliation.rollback.step.make_match"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: make the right match"

    _manual_number = 8
    _sets_sequences = True

    def _get_label(self):
        return _("Make the right match")

    def _get_rows_conditions(self):
        return conditions_of(MATCHES, REGISTER, SHARES, MEMBERSHIPS, SUBSCRIPTIONS)

    def _read_more(self, step):
        lines = step.rollback_id.line_ids
        return {
            **super()._read_more(step),
            "payments": [[line.id, line.payment_line_id.id] for line in lines],
            "payers": lines._read_payers(),
            "users": self._find_users(lines).ids,
        }

    def _find_users(self, lines):
        """Users of the right persons, which cooperator may make."""
        users = self.env["res.users"].with_context(active_test=True)
        return users.search([("partner_id", "in", lines.right_move_id.partner_id.ids)])

    def _restore(self, step, kept, items=None):
        restored = super()._restore(step, kept, items)
        lines = step.rollback_id.line_ids
        lines._reverse_reclassifications()
        lines._restore_payers(kept["payers"])
        lines._restore_payment_items(kept["payments"])
        made = self._find_users(lines) - self.env["res.users"].browse(kept["users"])
        made.filtered(lambda user: not user.login_date).write({"active": False})
        return restored

    def _get_snapshot(self, step, reading):
        lines = step.rollback_id.line_ids
        return {
            "sequences": reading.sequences,
            **self._get_requests(lines.right_move_id | lines.right_ids.move_id),
            "reclassifications": lines.reclassification_move_id.mapped("name"),
        }

    def _take_back_unrecorded(self, step):
        """Take back what was committed in the middle of the step, by an earlier release.

        Odoo committed where it compiled the assets of the certificate.
        """
        super()._take_back_unrecorded(step)
        rollback = step.rollback_id
        plan = rollback._get_plan()
        made = self._find_made_lines(plan)
        if not made:
            return
        partners, requests = made.partner_id, made.capital_release_request_id
        lines = rollback.line_ids
        paying = lines.payment_line_id | lines.reclassification_move_id.line_ids
        requests._get_request_matches().filtered(
            lambda match: match.credit_move_id in paying
        ).unlink()
        requests._open_subscriptions()
        made.unlink()
        changes = [change for change in plan.changes if change.partner in partners.ids]
        company = rollback.company_id
        company._apply_holdings([change.between for change in changes])
        company._apply_memberships([change.between for change in changes])
        self._set_back(rollback, OPERATION_SEQUENCE, plan.operations)
        self._set_back(rollback, COOPERATOR_SEQUENCE, plan.cooperators)

    def _find_made_lines(self, plan):
        """The register lines of operations that the step is going to make."""
        numbers = {operation.request: operation.number for operation in plan.inserted}
        lines = self.env["subscription.register"].search(
            [("capital_release_request_id", "in", list(numbers))]
        )
        return lines.filtered(
            lambda line: (
                line.register_number_operation
                == numbers[line.capital_release_request_id.id]
                and line.id not in plan.removed_lines
            )
        )

    def _perform(self, step):
        # before it is read what undoing the step is to restore
        rollback = step.rollback_id
        remove_right_matches(rollback.line_ids, rollback._get_plan())
        return super()._perform(step)

    def _run(self, step):
        rollback = step.rollback_id
        plan = rollback._get_plan()
        company = rollback.company_id
        company._check_none_from(OPERATION_SEQUENCE, plan.operations.first_free)
        company._check_none_from(COOPERATOR_SEQUENCE, plan.cooperators.first_free)
        payments = Payments(rollback.line_ids)
        rollback.line_ids._check_right_moves(payments.paid)
        payments.bring()
        registered = rollback.line_ids._find_registered_rights(plan)
        for operation in plan.inserted:
            self._make_operation(rollback, plan, operation, payments)
        for request in registered:
            payments.pay(request, is_registered=True)
        paid = registered.filtered(lambda move: move.payment_state in PAID_STATES)
        paid.subscription_request.write({"state": "paid"})
        # what is left of the payments leaves requests open in part: no operation follows
        payments.pay()
        self._apply_register(
            company,
            self.env["res.partner"].browse([o.partner for o in plan.inserted]),
            {},
            plan,
        )
        self._go_on_at(
            company,
            {
                OPERATION_SEQUENCE: plan.operations.matched,
                COOPERATOR_SEQUENCE: plan.cooperators.matched,
            },
        )

    def _register_request(self, request, operation):
        """Let cooperator register a request that was paid and never registered."""
        request.subscription_request.filtered(lambda s: s.state != "paid").write(
            {"state": "paid"}
        )
        request.post_process_confirm_paid(operation.date)

    def _make_operation(self, rollback, plan, operation, payments):
        company = rollback.company_id
        request = self.env["account.move"].browse(operation.request)
        partner = request.partner_id
        company._set_next_number(OPERATION_SEQUENCE, operation.number)
        membership = series.get_membership(partner, company)
        number = dict(plan.cooperator_numbers)[partner.id]
        # cooperator of 14.0 draws one for whoever has not been a member, number or not
        is_known = membership.member or membership.old_member
        if not (membership.cooperator_register_number and is_known):
            company._set_next_number(COOPERATOR_SEQUENCE, number)
        if request.payment_state in PAID_STATES:
            self._register_request(request, operation)
        else:
            payments.pay(request)
        if not membership.cooperator_register_number:
            # and none for a member who has lost it
            membership.cooperator_register_number = number
        drawn = request._find_register_lines().mapped("register_number_operation")
        if set(drawn) != {operation.number}:
            raise UserError(
                _(
                    "%(request)s of %(partner)s should have become operation "
                    "%(number)s, not %(drawn)s: try again; where that does not help, press "
                    "Revert.",
                    request=request.display_name,
                    partner=partner.name,
                    number=operation.number,
                    drawn=", ".join(map(str, drawn)) or _("none"),
                )
            )
        if membership.cooperator_register_number != number:
            raise UserError(
                _(
                    "%(partner)s should have become cooperator %(number)s, not %(drawn)s: "
                    "try again; where that does not help, press Revert.",
                    partner=partner.name,
                    number=number,
                    drawn=membership.cooperator_register_number,
                )
            )
