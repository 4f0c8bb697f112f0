from odoo import _
from odoo.tools.misc import formatLang

from .refusals import Refusals

PROFIT_AND_LOSS = {"income", "expense"}


class BooksWarnings:
    """What is unusual about the requests and payments of a rollback, in sentences.

    :param env: the environment of whoever is told
    """

    def __init__(self, env):
        self.env = env

    def find(self, rollback, plan):
        """Return what a person should know of the books before the start.

        :param plan: the rollback's :class:`~..ledger.plan.Plan`
        """
        return [
            *self._find_cancelled_subscriptions(plan),
            *self._find_write_offs(rollback),
            *self._find_computed_declarations(plan),
        ]

    def _find_cancelled_subscriptions(self, plan):
        requests = [operation.request for operation in plan.inserted]
        for request in self.env["account.move"].browse(requests):
            if request.subscription_request.state == "cancelled":
                yield _(
                    "The subscription of %(partner)s behind %(request)s is cancelled: "
                    "%(partner)s gets its shares all the same.",
                    partner=request.partner_id.name,
                    request=request.name,
                )

    def _find_write_offs(self, rollback):
        """Entries that are no money: what is left of them is nobody's credit."""
        for line in rollback.line_ids.filtered("wrong_match_id"):
            if not line.right_move_id and self._is_write_off(line.payment_line_id):
                yield _(
                    "%(entry)s, which paid %(amount)s of %(request)s, is a write-off and "
                    "no payment: it stays open on %(partner)s, reverse it or choose a "
                    "right request for it too.",
                    entry=line.payment_move_id.name,
                    amount=formatLang(
                        self.env, line.amount, currency_obj=line.currency_id
                    ),
                    request=line.wrong_move_id.name,
                    partner=line.payment_partner_id.name or _("nobody"),
                )

    def _is_write_off(self, item):
        """Whether an item is balanced by income or expenses alone."""
        others = item.move_id.line_ids - item
        groups = set(others.account_id.mapped("internal_group"))
        return bool(groups) and groups <= PROFIT_AND_LOSS

    def _find_computed_declarations(self, plan):
        """Tax shelter declarations that have a wrong operation and are not validated."""
        if "tax.shelter.certificate" not in self.env:
            return
        refusals = Refusals(self.env)
        lines = self.env["subscription.register"].browse(plan.removed_lines).exists()
        for line in lines:
            certificate = refusals.find_certificates(line, ("draft", "not_eligible"))
            if certificate:
                yield _(
                    "The tax shelter declaration %(declaration)s is computed with operation "
                    "%(number)s of %(partner)s: compute it again after the rollback.",
                    declaration=certificate.declaration_id.name,
                    number=line.register_number_operation,
                    partner=line.partner_id.name,
                )
