from dataclasses import replace

from odoo import _, models
from odoo.exceptions import UserError

from ..ledger.numbering import doubles, moved, unused
from ..ledger.related_partners import find_related_operations
from ..ledger.replay import replay
from ..models.res_company import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE
from ..services.proposal import UNREGISTERED


class Verify(models.AbstractModel):
    """Manual, step 9: check that everything is as planned."""

    _name = "reconciliation.rollback.step.verify"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: verify"

    _manual_number = 9
    # it changes nothing
    _needs_no_undo = True
    _makes_mail = False

    def _get_label(self):
        return _("Verify")

    def _perform(self, step):
        """Check once: nothing is different before and after it."""
        checks = self._check_all(step.rollback_id)
        found = [sentence for _name, sentences in checks for sentence in sentences]
        if found:
            raise UserError(
                _(
                    "Something is not as planned: put it right and try again.\n%s",
                    "\n".join(found),
                )
            )
        snapshot = {"checks": {name: not sentences for name, sentences in checks}}
        return {"before": snapshot, "after": snapshot, "kept": {}}

    def _check_all(self, rollback):
        """Each check with what it found, as ``[(name, [sentence, ...]), ...]``."""
        plan = rollback._get_plan()
        register = rollback.company_id._load_register()
        return [
            ("register", self._check_register(plan, register)),
            ("holdings", self._check_holdings(rollback, plan, register)),
            ("numbers", self._check_numbers(plan, register)),
            ("gaps", self._check_gaps(plan, register)),
            ("sequences", self._check_sequences(plan, register)),
            ("matches", self._check_matches(rollback)),
            ("mail", self._check_mail(rollback)),
        ]

    def _get_check_labels(self):
        """What each check of :meth:`_check_all` makes sure of, in words."""
        return {
            "register": _("The register has the right operations, and no wrong one."),
            "holdings": _("Shares, members and their numbers are those of the plan."),
            "numbers": _("No number is given twice."),
            "gaps": _("No number is unused but those that the plan names."),
            "sequences": _("The sequences go on with the planned numbers."),
            "matches": _("Every payment is matched with the right request."),
            "mail": _("No certificate has left before its time."),
        }

    def _check_register(self, plan, register):
        """The planned operations are there with their numbers, the wrong ones gone."""
        lines = set(plan.removed_lines)
        found = []
        for operation in register.operations:
            if lines & set(operation.lines):
                found.append(
                    _(
                        "The wrong operation %s is still in the register.",
                        operation.number,
                    )
                )
        planned = [
            operation.numbered(moved(operation.number, plan.operation_shifts))
            for operation in plan.inserted + plan.reapplied
        ]
        numbers = {operation.number for operation in planned}
        present = {
            self._get_substance(operation)
            for operation in register.operations
            if operation.number in numbers
        }
        for operation in planned:
            if self._get_substance(operation) not in present:
                partner = self.env["res.partner"].browse(operation.partner)
                found.append(
                    _(
                        "The register has no operation %(number)s of %(partner)s as planned.",
                        number=operation.number,
                        partner=partner.display_name,
                    )
                )
        return found + self._find_unplanned(plan, register)

    def _find_unplanned(self, plan, register):
        """Operations from the first number on that nobody has in the end, in sentences.

        Payments that come meanwhile are registered afterwards: nobody else makes any.
        """
        if not plan.knows_faults:
            return []
        first = plan.first_later
        found = []
        for operation in register.operations:
            if operation.number < first:
                continue
            partner = self.env["res.partner"].browse(operation.partner)
            found.append(
                _(
                    "Operation %(number)s of %(partner)s is in the register and was not "
                    "planned.",
                    number=operation.number,
                    partner=partner.display_name,
                )
            )
        return found

    def _get_substance(self, operation):
        """An operation without the identity of its records."""
        return replace(operation, lines=())

    def _check_holdings(self, rollback, plan, register):
        """Shares, membership and numbers are the plan's, and the register's."""
        partners = self._get_changed_partners(rollback)
        holdings = rollback.company_id._load_holdings(partners)
        operations = find_related_operations(partners.ids, register.operations)
        openings = plan.openings_by_partner
        replayed = replay(operations, register.numbers, openings).holdings
        found = []
        for change in plan.changes:
            holding = holdings[change.partner]
            expected = [change.after]
            if change.partner in replayed and change.partner not in plan.kept:
                expected.append(replayed[change.partner])
            if any(holding != other for other in expected):
                partner = partners.browse(change.partner)
                found.append(
                    _(
                        "%(partner)s has %(actual)s shares as number %(number)s, "
                        "planned are %(planned)s as number %(planned_number)s.",
                        partner=partner.display_name,
                        actual=holding.quantity,
                        number=holding.number,
                        planned=change.after.quantity,
                        planned_number=change.after.number,
                    )
                )
        return found

    def _check_numbers(self, plan, register):
        """No number is there twice that was not so before."""
        found = []
        operations = doubles(operation.number for operation in register.operations)
        for number in sorted(set(operations) - set(plan.double_operations or ())):
            found.append(_("Operation number %s is in the register twice.", number))
        cooperators = doubles(register.numbers.values())
        for number in sorted(set(cooperators) - set(plan.double_cooperators or ())):
            found.append(_("Cooperator number %s is given twice.", number))
        return found

    def _check_gaps(self, plan, register):
        """No number is unused that the plan does not name.

        Plans of the first release do not say which numbers were unused before.
        """
        operations = unused(operation.number for operation in register.operations)
        cooperators = unused(register.numbers.values())
        found = []
        if plan.unused_operations is not None:
            for number in sorted(set(operations) - set(plan.unused_operations)):
                found.append(_("Operation number %s is unused.", number))
        if plan.unused_cooperators is not None:
            for number in sorted(set(cooperators) - set(plan.unused_cooperators)):
                found.append(_("Cooperator number %s is unused.", number))
        return found

    def _check_sequences(self, plan, register):
        """Both sequences go on with the plan's numbers, which the register needs."""
        numbers = [operation.number for operation in register.operations]
        return [
            *self._check_sequence(
                OPERATION_SEQUENCE, register.next_operation, plan.operations.after
            ),
            *self._check_sequence(
                COOPERATOR_SEQUENCE, register.next_cooperator, plan.cooperators.after
            ),
            *self._check_highest(
                plan, OPERATION_SEQUENCE, numbers, plan.highest_operation
            ),
            *self._check_highest(
                plan,
                COOPERATOR_SEQUENCE,
                register.numbers.values(),
                plan.highest_cooperator,
            ),
        ]

    def _check_sequence(self, code, actual, planned):
        if actual != planned:
            yield _(
                "The sequence %(code)s goes on with %(actual)s instead of %(planned)s.",
                code=code,
                actual=actual,
                planned=planned,
            )

    def _check_highest(self, plan, code, numbers, planned):
        """The sequence goes on after the highest number, unless the plan says otherwise."""
        highest = max(numbers, default=0)
        if plan.knows_faults and highest != planned:
            yield _(
                "The highest number of the sequence %(code)s in use is %(highest)s instead "
                "of %(planned)s.",
                code=code,
                highest=highest,
                planned=planned,
            )

    def _check_matches(self, rollback):
        """Each wrong match is gone, each right one is there."""
        found = []
        for line in rollback.line_ids:
            if line.wrong_match_id:
                found.append(
                    _(
                        "The payment %(payment)s is still matched with %(wrong)s.",
                        payment=line.payment_move_id.name,
                        wrong=line.wrong_move_id.display_name,
                    )
                )
            if line.situation == UNREGISTERED:
                continue
            paying = line.payment_move_id | line.reclassification_move_id
            for request in line._get_right_moves():
                payments = request._get_request_matches().credit_move_id.move_id
                if not payments & paying:
                    found.append(
                        _(
                            "The payment %(payment)s is not matched with %(right)s.",
                            payment=line.payment_move_id.name,
                            right=request.display_name,
                        )
                    )
        return found

    def _check_mail(self, rollback):
        """No certificate has been sent: each one that was made is held.

        One that somebody has deleted or cancelled will not be sent either.
        """
        held = rollback.mail_ids.filtered(
            lambda row: row.kind == "certificate" and row.state == "held"
        )
        found = []
        for row in held - held._get_held() - held._find_withdrawn():
            found.append(
                _("The certificate for %s is not held any more.", row.partner_id.name)
            )
        return found
