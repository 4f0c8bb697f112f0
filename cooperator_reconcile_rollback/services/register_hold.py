from odoo import _
from odoo.exceptions import UserError


class RegisterHold:
    """The register of a company, held by one rollback from its start to its end.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env
        self.company = rollback.company_id
        self.lock = rollback.env["cooperator.register.lock"]

    def take(self):
        """Hold the register from now on, also against other rollbacks.

        :raises UserError: another one holds it, or what this transaction sees of the
            register is older than what it has waited for
        """
        company = self.company
        if not self.lock._acquire(self.rollback):
            raise UserError(
                _(
                    "Two rollbacks of %(company)s never run together: try again with "
                    "%(rollback)s when %(other)s has ended.",
                    other=company._get_locking_rollback().name,
                    rollback=self.rollback.name,
                    company=company.name,
                )
            )
        if self.lock._has_unseen_operations(company):
            raise UserError(
                _(
                    "An operation of %(company)s was registered while %(rollback)s waited "
                    "for the register: try again.",
                    company=company.name,
                    rollback=self.rollback.name,
                )
            )

    def keep(self):
        """Take the register again where it was released behind the rollback's back.

        :raises UserError: see :meth:`take`
        """
        if not self.lock.search([("rollback_id", "=", self.rollback.id)]):
            self.take()

    def release(self):
        """Open the register again, and let a job register what was paid meanwhile.

        The job looks for it: who is paying at this moment is not seen from here.
        """
        rollback = self.rollback
        self.lock._release(rollback)
        rollback.with_delay(
            description=_("Register what was paid during %s", rollback.name)
        )._register_postponed()
