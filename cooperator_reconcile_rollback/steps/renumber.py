from odoo import _, api, models

from ..books.renumbering import (
    COOPERATOR_SEQUENCE,
    NUMBERED,
    OPERATION_SEQUENCE,
    read_numbers,
    shift_numbers,
)
from ..ledger.numbering import back
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

    def _get_shifts(self, step):
        """The shifts of each sequence, by its code."""
        plan = step.rollback_id._get_plan()
        return {
            OPERATION_SEQUENCE: plan.operation_shifts,
            COOPERATOR_SEQUENCE: plan.cooperator_shifts,
        }

    def _get_snapshot(self, step, reading):
        return {
            "sequences": reading.sequences,
            **{
                NUMBERED[code][0]: read_numbers(step.company_id, code, shifts)
                for code, shifts in self._get_shifts(step).items()
            },
        }

    def _restore(self, step, kept, items=None):
        for code, shifts in self._get_shifts(step).items():
            shift_numbers(step.company_id, code, back(shifts))
        return super()._restore(step, kept, items)

    def _run(self, step):
        company = step.company_id
        plan = step.rollback_id._get_plan()
        for code, shifts in self._get_shifts(step).items():
            shift_numbers(company, code, shifts)
        self._go_on_at(
            company,
            {
                OPERATION_SEQUENCE: plan.operations.after,
                COOPERATOR_SEQUENCE: plan.cooperators.after,
            },
        )
