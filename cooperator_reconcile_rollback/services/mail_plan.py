from odoo import _


class MailPlan:
    """The mails that a plan expects: those that wait, certificates to come, notices.

    :param rollback: ``reconciliation.rollback``, a single one
    :param plan: its :class:`~..ledger.plan.Plan`
    """

    def __init__(self, rollback, plan):
        rollback.ensure_one()
        self.rollback = rollback
        self.plan = plan
        self.env = rollback.env
        self.rows = self.env["reconciliation.rollback.mail"]

    def prepare_rows(self):
        """Prepare a row for each mail.

        :return: a list of values of ``reconciliation.rollback.mail``
        """
        waiting = self._prepare_waiting()
        if not self.rollback.company_id.send_certificate_email:
            return waiting
        certificates = self._prepare_certificates()
        told = {
            values["partner_id"]
            for values in waiting + certificates
            if values["kind"] == "certificate"
        }
        return waiting + certificates + self._prepare_notices(told)

    def _prepare_waiting(self):
        return [
            {
                **self.rows._prepare_held_mail(self.rollback, mail, partner),
                "is_waiting": True,
            }
            for mail, partner in self.rollback._get_waiting_mails().items()
        ]

    def _prepare_certificates(self):
        plan = self.plan
        rows = [
            self._prepare_certificate(
                operation.partner,
                operation.request,
                operation.partner in plan.certificates,
            )
            for operation in plan.inserted
        ]
        joining = {operation.partner for operation in plan.inserted}
        renumbered = self._get_renumbered_members().partner_id.ids
        # dict: each partner once, in this order
        others = dict.fromkeys(
            [p for p in plan.certificates if p not in joining]
            + [p for p in renumbered if p not in plan.certificates]
        )
        return rows + [self._prepare_certificate(p, False, True) for p in others]

    def _prepare_certificate(self, partner, request, is_due):
        """Values of the row that expects a certificate.

        :param request: the request whose match makes it; without one the rollback does
        :param is_due: whether it tells its person anything new
        """
        return {
            "rollback_id": self.rollback.id,
            "partner_id": partner,
            "request_id": request,
            "subject": _("Cooperator certificate"),
            "email_to": self.env["res.partner"].browse(partner).email_formatted,
            "kind": "certificate",
            "choice": "send" if is_due else "cancel",
        }

    def _get_renumbered_members(self):
        """The memberships whose number moves down."""
        memberships = self.env["cooperative.membership"]
        for shift in self.plan.cooperator_shifts:
            memberships |= memberships.search(
                [
                    ("company_id", "=", self.rollback.company_id.id),
                    ("member", "=", True),
                    ("cooperator_register_number", ">=", shift.first),
                    ("cooperator_register_number", "<=", shift.last),
                ]
            )
        return memberships

    def _prepare_notices(self, told):
        """Rows that tell of a wrong certificate, for people to choose.

        Sent mail leaves no trace in Odoo: whose certificate neither waits in the queue
        nor is replaced by a right one has got it.

        :param told: ids of the partners who have a certificate among the rows
        """
        if not self.rows._get_notice_template():
            return []
        # whose shares were taken away by hand has them no more, but has the certificate
        emptied = {done.partner for done in self.plan.by_hand if done.partner}
        losing = [
            change.partner
            for change in self.plan.changes
            if change.after.quantity < change.before.quantity
        ]
        losing += [one.partner for one in self.plan.removed if one.partner in emptied]
        partners = self.env["res.partner"].browse(dict.fromkeys(losing))
        return [
            self._prepare_notice(partner)
            for partner in partners
            if partner.id not in told
        ]

    def _prepare_notice(self, partner):
        return {
            "rollback_id": self.rollback.id,
            "partner_id": partner.id,
            "subject": self.rows._get_notice_template().subject,
            "email_to": partner.email_formatted,
            "kind": "notice",
            "choice": "decide",
        }
