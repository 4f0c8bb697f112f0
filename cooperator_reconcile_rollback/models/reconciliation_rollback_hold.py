from odoo import api, fields, models
from odoo.tools import email_split

from .mail_mail import HELD


class ReconciliationRollback(models.Model):
    """Holding mail from the start of a rollback to its release (M1 to M3)."""

    _inherit = "reconciliation.rollback"

    mail_scope = fields.Selection(
        [
            ("affected", "Mail about the people concerned"),
            ("all", "All mail of this database"),
        ],
        string="Mail to hold",
        required=True,
        default="affected",
        readonly=True,
        states={"draft": [("readonly", False)], "planned": [("readonly", False)]},
    )
    mail_held = fields.Boolean(
        string="Mail is held", readonly=True, copy=False, index=True
    )
    mail_ids = fields.One2many(
        "reconciliation.rollback.mail", "rollback_id", copy=False
    )

    def _hold_mail(self):
        """Hold mail from now on, and what waits already."""
        self.ensure_one()
        self.mail_held = True
        # a mail that is being sent at this moment is locked by its scheduler: the write
        # conflicts, and the transaction is tried again
        self._hold_mails(self.env["mail.mail"].search([("state", "=", "outgoing")]))
        gone = self.mail_ids.filtered(
            lambda row: row.state == "expected" and row.is_waiting and not row.mail_id
        )
        gone.write({"state": "sent"})

    @api.model
    def _hold_mails(self, mails):
        """Hold those of ``mails`` that concern a rollback which holds mail now.

        :param mails: ``mail.mail``
        :return: those that are held now
        """
        held = mails.browse()
        outgoing = mails.filtered(lambda mail: mail.state == "outgoing")
        if not outgoing:
            return held
        holding = self._by_action().search([("mail_held", "=", True)])
        for rollback in holding:
            for mail, partner in rollback._get_concerned_mails(outgoing - held).items():
                rollback._get_mail_row(mail, partner)._hold(mail)
                held |= mail
        return held

    def _get_mail_row(self, mail, partner):
        """The row that expects ``mail``; a new one where none does."""
        row = self.mail_ids.filtered(
            lambda row: (
                row.mail_id == mail
                or row.id == self.env.context.get("reconciliation_rollback_mail_id")
                or (
                    mail.is_cooperator_certificate
                    and row.state == "expected"
                    and row.kind == "certificate"
                    and not row.mail_id
                    and row.partner_id == partner
                    and row.request_id == mail.certificate_request_id
                )
            )
        )
        return row[:1] or row.create(row._prepare_held_mail(self, mail, partner))

    def _get_waiting_mails(self):
        """The mails that wait in Odoo's queue and concern this rollback.

        :return: ``{mail.mail: res.partner}``; the partner is empty where the mail is
            held for the scope's sake only
        """
        # sudo: the mail queue is for system administrators
        waiting = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        return self._get_concerned_mails(waiting)

    def _get_concerned_mails(self, mails):
        """Which of ``mails`` concern this rollback, as ``{mail.mail: res.partner}``."""
        self.ensure_one()
        partners = self._get_affected_partners()
        family = {
            member: partner
            for partner in partners
            for member in partner | partner.commercial_partner_id.child_ids
        }
        emails = {
            email: partner
            for member, partner in family.items()
            for email in email_split(member.email or "")
        }
        concerned = {}
        for mail in mails:
            about = self._get_mail_subject_partners(mail) | mail.recipient_ids
            partner = next((family[p] for p in about if p in family), None)
            if not partner and mail.email_to:
                addresses = email_split(mail.email_to)
                partner = next((emails[a] for a in addresses if a in emails), None)
            if partner or self.mail_scope == "all":
                concerned[mail] = partner or self.env["res.partner"]
        return concerned

    def _get_mail_subject_partners(self, mail):
        """Whom the record behind ``mail`` is about; hook for other models."""
        partners = self.env["res.partner"]
        if mail.model == "res.partner":
            return partners.browse(mail.res_id)
        if mail.model in ("account.move", "subscription.request", "res.users"):
            return self.env[mail.model].browse(mail.res_id).exists().partner_id
        return partners

    def _get_affected_partners(self):
        """Everyone whose holding, request or payment the rollback touches."""
        self.ensure_one()
        changed = [change.partner for change in self._get_plan().changes]
        return (
            self.env["res.partner"].browse(changed)
            | self.line_ids.wrong_move_id.partner_id
            | self.line_ids.right_move_id.partner_id
            | self.line_ids.payment_partner_id
        )

    @api.model
    def _cron_release_left_mail(self):
        """Release the mail that an ended rollback left behind (requirement M3)."""
        ended = ("done", "reverted", "cancelled")
        left = self._by_action().search(
            [
                ("state", "in", ended),
                "|",
                ("mail_held", "=", True),
                ("mail_ids.mail_id.state", "=", HELD),
            ]
        )
        left.write({"mail_held": False})
        reverted = left.filtered(lambda rollback: rollback.state == "reverted")
        reverted.mail_ids._release_reverted()
        (left - reverted).mail_ids._cancel_held()
        (left - reverted).mail_ids._release_held()
        left.filtered("evidence_hash")._seal()
        # their rollback, and with it every choice, is gone
        self.env["mail.mail"].search(
            [("state", "=", HELD), ("reconciliation_rollback_id", "=", False)]
        ).mark_outgoing()
