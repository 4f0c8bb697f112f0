from odoo import _
from odoo.exceptions import UserError

from .payer import Payer
from .refusals import Refusals


class Reverter:
    """Whether a rollback can be undone, and whether it was.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env

    def check_revertible(self):
        """:raises UserError: what came after a done rollback builds on its result"""
        self._check_no_later_operation()
        # sudo: the register as a whole is needed to see what came after
        lines = self.rollback.sudo().line_ids.filtered("right_move_id")
        refusals = Refusals(lines.env)
        for line in lines:
            move = line.right_move_id
            refusals.check_not_refunded(move)
            refusals.check_no_tax_shelter_certificate(move._find_register_lines())
            Payer(line).check_can_go_back()
        found = self._find_differences_from_plan()
        if found:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted, since something has changed after "
                    "it: put it right first, or correct it with a new rollback. %(found)s",
                    rollback=self.rollback.name,
                    found=" ".join(found),
                )
            )

    def _check_no_later_operation(self):
        rollback = self.rollback
        later = self.env["subscription.register"].search(
            [
                ("company_id", "=", rollback.company_id.id),
                (
                    "register_number_operation",
                    ">=",
                    rollback._get_plan().operations.first_later,
                ),
            ],
            order="register_number_operation",
            limit=1,
        )
        if later:
            raise UserError(
                _(
                    "%(rollback)s cannot be reverted: operation %(number)s of "
                    "%(partner)s came after it; correct the match with a new rollback.",
                    rollback=rollback.name,
                    number=later.register_number_operation,
                    partner=later.partner_id.name,
                )
            )

    def _find_differences_from_plan(self):
        """What is not as the rollback left it, in sentences."""
        verify = self.env["reconciliation.rollback.step.verify"]
        verify = verify.with_company(self.rollback.company_id)
        return [
            sentence
            for name, sentences in verify._check_all(self.rollback)
            if name != "mail"
            for sentence in sentences
        ]

    def check_restored(self):
        """:raises UserError: something is not as it was before the rollback"""
        plan = self.rollback._get_plan()
        found = [
            *self._find_other_holdings(plan),
            *self._find_missing_lines(plan),
            *self._find_missing_matches(),
        ]
        if found:
            raise UserError(
                _(
                    "%(rollback)s is undone, but something is not as it was before: put it "
                    "right and press Retry. %(found)s",
                    rollback=self.rollback.name,
                    found="\n".join(found),
                )
            )

    def _get_lines_without_match(self):
        """The corrections whose wrong match was removed before the rollback did it."""
        lines = self.rollback.line_ids
        step = self.rollback.step_ids.filtered(lambda s: s.kind == "remove_match")
        kept = step._get_kept().get("rows", {}) if step.kept else {}
        removed = kept.get("account.partial.reconcile", {}).get("deleted", [])
        requests = self.env["account.move.line"].browse(
            [row["debit_move_id"] for row in removed]
        )
        return lines.filtered(lambda line: line.wrong_move_id not in requests.move_id)

    def _find_other_holdings(self, plan):
        rollback = self.rollback
        partners = self.env["res.partner"].browse([c.partner for c in plan.changes])
        holdings = rollback.company_id._load_holdings(partners)
        for change in plan.changes:
            if holdings[change.partner] != change.before:
                yield _(
                    "%(partner)s is not what it was before the rollback: "
                    '"%(actual)s" instead of "%(before)s".',
                    partner=partners.browse(change.partner).name,
                    actual=rollback._word_holding(holdings[change.partner]),
                    before=rollback._word_holding(change.before),
                )

    def _find_missing_lines(self, plan):
        lines = self.env["subscription.register"].browse(plan.removed_lines)
        for line in lines - lines.exists():
            yield _("The register line %s has not come back.", line.id)

    def _find_missing_matches(self):
        for line in self.rollback.line_ids - self._get_lines_without_match():
            if line.wrong_match_id.amount != line.amount:
                yield _(
                    "The payment %(payment)s is not matched with %(request)s again.",
                    payment=line.payment_move_id.name,
                    request=line.wrong_move_id.display_name,
                )
