from odoo import models

from ..models.res_company import COOPERATOR_SEQUENCE, OPERATION_SEQUENCE


class ReconciliationRollbackStepKind(models.AbstractModel):
    """What a step does. One model for each kind, all with the same few verbs.

    A kind's name is ``reconciliation.rollback.step.`` and its ``kind``. It runs in the
    rollback's company, as the superuser, in one transaction with the step's record.
    """

    _name = "reconciliation.rollback.step.kind"
    _description = "Kind of step of a reconciliation rollback"

    def _get_snapshot(self, rollback):
        """What the step touches, as it is now; kept before and after it runs.

        :return: a dictionary of JSON values that a person can read
        """
        return {}

    def _run(self, rollback):
        """Do the step.

        :raises UserError: it can't be done; what was done is undone then
        """

    def _get_sequences(self, rollback):
        return {
            code: rollback.company_id._get_next_number(code)
            for code in (OPERATION_SEQUENCE, COOPERATOR_SEQUENCE)
        }

    def _set_back(self, rollback, code, sequence):
        """Let a sequence go back to what is planned between removal and right match.

        :param sequence: :class:`~..ledger.plan.Sequence`
        """
        company = rollback.company_id
        company._check_none_from(code, sequence.between)
        company._set_next_number(code, sequence.between)

    def _get_matches(self, matches):
        """Matches (``account.partial.reconcile``) in words."""
        return [
            {
                "payment": match.credit_move_id.move_id.name,
                "request": match.debit_move_id.move_id.name,
                "amount": match.amount,
            }
            for match in matches
        ]

    def _get_changed_partners(self, rollback):
        partners = [change.partner for change in rollback._get_plan().changes]
        return self.env["res.partner"].browse(partners)
