from odoo import _, api, models

from ..books.number_shift import read_numbers, shift_numbers
from ..ledger.numbering import back
from ..models.res_company import COOPERATOR_SEQUENCE, NUMBERED, OPERATION_SEQUENCE
from .order import Place


class Renumber(models.AbstractModel):
    """Numbering ``close_gap``: later numbers move down, each of them on record."""

    _name = "reconciliation.rollback.step.renumber"
    _inherit = "reconciliation.rollback.step.kind"
    _description = "Step: close the gaps"

    _place = Place(after="apply_again")
    # what moves is as many rows as the register has: the plan knows the way back
    _sets_sequences = True
    _makes_mail = False

    def _get_label(self):
        return _("Close the gaps")

    @api.model
    def _prepare_steps(self, rollback):
        plan = rollback._get_plan()
        return [{}] if plan.operation_shifts or plan.cooperator_shifts else []

    def _get_moves(self, step):
        """What moves, as ``[(model, column, shifts), ...]``."""
        plan = step.rollback_id._get_plan()
        shifts = {
            OPERATION_SEQUENCE: plan.operation_shifts,
            COOPERATOR_SEQUENCE: plan.cooperator_shifts,
        }
        return [
            (self.env[model], column, shifts[code])
            for code, (model, column) in NUMBERED.items()
        ]

    def _get_snapshot(self, step, reading):
        return {
            "sequences": reading.sequences,
            **{
                model._name: read_numbers(model, column, step.company_id, shifts)
                for model, column, shifts in self._get_moves(step)
            },
        }

    def _restore(self, step, kept, items=None):
        company = step.company_id
        for model, column, shifts in self._get_moves(step):
            shift_numbers(model, column, company, back(shifts))
        self._name_operations(
            company, back(step.rollback_id._get_plan().operation_shifts)
        )
        return super()._restore(step, kept, items)

    def _run(self, step):
        company = step.company_id
        plan = step.rollback_id._get_plan()
        for model, column, shifts in self._get_moves(step):
            shift_numbers(model, column, company, shifts)
        self._name_operations(company, plan.operation_shifts)
        self._go_on_at(
            company,
            {
                OPERATION_SEQUENCE: plan.operations.after,
                COOPERATOR_SEQUENCE: plan.cooperators.after,
            },
        )

    def _name_operations(self, company, shifts):
        """Name the operations that moved after their numbers, as cooperator does."""
        if not shifts:
            return
        sequence = company._get_cooperator_sequence(OPERATION_SEQUENCE)
        # a date range has no padding of its own
        padding = getattr(sequence, "sequence_id", sequence).padding
        self.env.cr.execute(
            "UPDATE subscription_register SET name = lpad("
            "register_number_operation::text, "
            "greatest(%s, length(register_number_operation::text)), '0') "
            "WHERE company_id = %s AND register_number_operation >= %s",
            (padding, company.id, min(shift.first - shift.by for shift in shifts)),
        )
