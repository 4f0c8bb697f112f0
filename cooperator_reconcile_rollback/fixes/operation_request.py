from odoo import _, fields
from odoo.tools.misc import format_date

from ..books.renumbering import OPERATION_SEQUENCE, name_operation
from ..ledger import finding as kinds
from ..ledger.operation import CONVERSION, TRANSFER
from .fix import Fix


class OperationRequestFix(Fix):
    """A fix of an operation request or of its operation."""

    @property
    def request(self):
        """The ``operation.request`` that was found."""
        return self.env["operation.request"].browse(self.finding.operation_request)

    def get_request_words(self):
        """Get the operation request in a few words."""
        return _(
            "%(kind)s of %(person)s, %(shares)s",
            kind=self.words.kind(self.request.operation_type),
            person=self.words.person(self.request.partner_id.id),
            shares="%s × %s"
            % (self.request.quantity, self.request.share_product_id.display_name),
        )

    def get_snapshot(self, option):
        request = self.request
        lines = self.env["subscription.register"].search(
            [("operation_request_id", "=", request.id)]
        )
        return {
            "operation request": self.get_request_words(),
            "state": request.state,
            "effective date": fields.Date.to_string(request.effective_date),
            "operations": lines.mapped("register_number_operation"),
        }


class RegisterExecution(OperationRequestFix):
    """Write the operation of an executed request that is missing in the register."""

    code = "register_execution"
    kinds = (kinds.DONE_WITHOUT_OPERATION,)
    sequence = OPERATION_SEQUENCE

    def get_label(self):
        return _("Register")

    def describe(self, option, number=0):
        return _(
            "The register gets operation %(number)s on %(date)s: %(operation)s. Shares "
            "stay as they are.",
            number=number,
            date=format_date(self.env, self._get_date()),
            operation=self.get_request_words(),
        )

    def _get_date(self):
        return self.request.effective_date or self.request.request_date

    def _prepare_line(self, number):
        """Prepare the register line as cooperator does when it executes the request."""
        request = self.request.with_company(self.company)
        values = {
            **request.get_subscription_register_vals(self._get_date()),
            "company_id": self.company.id,
            "register_number_operation": number,
            "name": name_operation(self.company, number),
        }
        if request.operation_type == TRANSFER:
            values["partner_id_to"] = request.partner_id_to.id
        if request.operation_type == CONVERSION:
            price = request.share_to_unit_price
            amount = request.share_unit_price * request.quantity
            values["share_to_product_id"] = request.share_to_product_id.id
            values["quantity_to"] = int(amount / price) if price else 0
        return values

    def get_snapshot(self, option):
        return {**super().get_snapshot(option), **self.read_sequence()}

    def apply(self, option, number=0):
        self.env["subscription.register"].create(self._prepare_line(number))
        self.move_sequence(number)


class ReopenRequest(OperationRequestFix):
    """Set an executed request that has no operation back to *Approved*."""

    code = "reopen_request"
    kinds = (kinds.DONE_WITHOUT_OPERATION,)

    def get_label(self):
        return _("Set back to Approved")

    def describe(self, option, number=0):
        return _(
            "The operation request (%s) is approved and not executed: it can be executed "
            "again.",
            self.get_request_words(),
        )

    def apply(self, option, number=0):
        self.request.state = "approved"


class CompleteRequest(OperationRequestFix):
    """Set the request of an operation that is right to *Done*."""

    code = "complete_request"
    kinds = (kinds.OPERATION_NOT_DONE,)

    def get_label(self):
        return _("Set the operation request to Done")

    def describe(self, option, number=0):
        return _(
            "The operation request of operation %(number)s (%(request)s) is done.",
            number=self.finding.numbers[0],
            request=self.get_request_words(),
        )

    def apply(self, option, number=0):
        line = self.env["subscription.register"].browse(self.finding.lines[:1])
        values = {"state": "done"}
        if not self.request.effective_date:
            values["effective_date"] = line.date
        self.request.write(values)
