from odoo import _
from odoo.tools.misc import format_date

from ..books.payment_reader import load_matches
from ..books.register_links import link_operation
from ..books.register_reader import load_operations
from ..books.request_reader import load_operation_requests, load_requests
from ..ledger import finding as kinds
from ..ledger.linking import find_fitting
from ..ledger.operation import SUBSCRIPTION
from .fix import Fix


class OperationFix(Fix):
    """A fix of an operation that does not know what made it."""

    def get_operation(self, operations):
        """Get the operation that was found, of the whole register; maybe ``None``."""
        lines = self.finding.lines
        return next((one for one in operations if one.lines == lines), None)

    def get_snapshot(self, option):
        lines = self.env["subscription.register"].browse(self.finding.lines)
        line = lines[:1]
        return {
            "operation": self.finding.numbers[0],
            "person": line.partner_id.display_name,
            "capital release request": line.capital_release_request_id.name or None,
            "operation request": line.operation_request_id.id or None,
        }


class LinkOperation(OperationFix):
    """Say which of several requests made an operation."""

    code = "link_operation"
    kinds = (kinds.SEVERAL_REQUESTS_FIT,)

    def get_label(self):
        return _("Link")

    def get_options(self):
        operations = load_operations(self.company)
        operation = self.get_operation(operations)
        if not operation:
            return []
        partners = self.finding.partners
        fitting = find_fitting(
            operation,
            operations,
            load_requests(
                self.company, load_matches(self.company, partners), partners
            ).values(),
            load_operation_requests(self.company, partners),
        )
        return [
            (str(request), self._get_request_words(operation, request))
            for request in fitting
        ]

    def _get_request_words(self, operation, request):
        if operation.kind == SUBSCRIPTION:
            move = self.env["account.move"].browse(request)
            return _(
                "%(request)s of %(date)s",
                request=move.name,
                date=format_date(self.env, move.invoice_date),
            )
        asked = self.env["operation.request"].browse(request)
        return _(
            "operation request %(number)s of %(date)s",
            number=asked.id,
            date=format_date(self.env, asked.request_date),
        )

    def describe(self, option, number=0):
        return _(
            "Operation %(number)s of %(person)s comes from %(request)s.",
            number=self.finding.numbers[0],
            person=self.words.person(self.finding.partners[0]),
            request=dict(self.get_options())[option],
        )

    def apply(self, option, number=0):
        operation = self.get_operation(load_operations(self.company))
        link_operation(self.company, operation, int(option))


class ExplainOperation(OperationFix):
    """Say why no request fits an operation: the check knows it from then on."""

    code = "explain_operation"
    kinds = (kinds.NO_REQUEST_FITS,)
    needs_reason = True

    def get_label(self):
        return _("Explain")

    def describe(self, option, number=0):
        return _(
            "Operation %(number)s of %(person)s stays without a request, for the reason "
            "given.",
            number=self.finding.numbers[0],
            person=self.words.person(self.finding.partners[0]),
        )

    def apply(self, option, number=0):
        """Change nothing: the reason is all that was missing."""
