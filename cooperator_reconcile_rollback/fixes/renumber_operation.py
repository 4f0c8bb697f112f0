from odoo import _

from ..books.register_reader import load_operations
from ..books.renumbering import OPERATION_SEQUENCE, name_operation
from ..ledger import finding as kinds
from .fix import Fix


class RenumberOperation(Fix):
    """Give one of the operations that share a number another one."""

    code = "renumber_operation"
    kinds = (kinds.DOUBLE_OPERATION_NUMBER,)
    needs_reason = True
    sequence = OPERATION_SEQUENCE

    def get_label(self):
        return _("Renumber")

    def get_options(self):
        return [
            (str(operation.lines[0]), self.get_operation_words(operation))
            for operation in self._get_operations()
        ]

    def _get_operations(self):
        operations = load_operations(self.company, partners=self.finding.partners)
        return [one for one in operations if one.number == self.finding.numbers[0]]

    def _get_operation(self, option):
        return next(
            one for one in self._get_operations() if one.lines[0] == int(option)
        )

    def describe(self, option, number=0):
        return _(
            "Operation %(before)s (%(operation)s) gets number %(after)s.",
            before=self.finding.numbers[0],
            operation=self.get_operation_words(self._get_operation(option)),
            after=number,
        )

    def get_snapshot(self, option):
        lines = self.env["subscription.register"].browse(self.finding.lines).exists()
        return {
            "operations": [
                {
                    "number": line.register_number_operation,
                    "person": line.partner_id.display_name,
                    "register line": line.id,
                }
                for line in lines.sorted("id")
            ],
            **self.read_sequence(),
        }

    def apply(self, option, number=0):
        operation = self._get_operation(option)
        self.env["subscription.register"].browse(operation.lines).write(
            {
                "register_number_operation": number,
                "name": name_operation(self.company, number),
            }
        )
        self.move_sequence(number)
