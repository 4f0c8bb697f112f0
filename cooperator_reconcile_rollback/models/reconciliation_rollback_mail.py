from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

from ..services.evidence import amending
from ..tools import flags
from .mail_mail import HELD


class ReconciliationRollbackMail(models.Model):
    """A mail about someone whom a rollback concerns, and what becomes of it."""

    _name = "reconciliation.rollback.mail"
    _inherit = "reconciliation.rollback.evidence"
    _description = "Mail held by a rollback"
    _order = "rollback_id, id"

    rollback_id = fields.Many2one(
        "reconciliation.rollback", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rollback_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", string="About", readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null")
    request_id = fields.Many2one(
        "account.move", string="Capital release request", readonly=True
    )
    subject = fields.Char(readonly=True)
    email_to = fields.Char(string="Recipient", readonly=True)
    kind = fields.Selection(
        [
            ("certificate", "Certificate"),
            ("notice", "Notice of a wrong certificate"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
        default="other",
    )
    is_waiting = fields.Boolean(
        readonly=True, help="The mail waited to be sent when the rollback was planned."
    )
    is_own = fields.Boolean(readonly=True, help="A step of the rollback made the mail.")
    choice = fields.Selection(
        [
            ("send", "Send"),
            ("cancel", "Cancel"),
            ("decide", "Not decided yet"),
            ("told", "Told otherwise"),
        ],
        required=True,
        default="send",
        help="Whoever has a wrong certificate is told so: by the notice, or otherwise.",
    )
    told_on = fields.Date(help="When the person was told.")
    told_how = fields.Char(help="By phone, by letter, at the seat, and by whom.")
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("held", "Held"),
            ("sent", "Handed over"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="expected",
    )

    failure_reason = fields.Char(
        string="Not sent, reason",
        compute="_compute_failure_reason",
        # the mail queue is for system administrators
        compute_sudo=True,
        help="Why Odoo could not send the mail after it was handed over. An Odoo "
        "administrator can retry it under Settings > Technical > Emails.",
    )

    @api.depends("state", "mail_id.state", "mail_id.failure_reason")
    def _compute_failure_reason(self):
        for row in self:
            mail = row.mail_id
            has_failed = row.state == "sent" and mail.state == "exception"
            row.failure_reason = has_failed and (mail.failure_reason or _("unknown"))

    @api.model
    def _get_fields_of_plan(self):
        return super()._get_fields_of_plan() | {"choice", "told_on", "told_how"}

    @api.constrains("choice", "kind")
    def _check_choice(self):
        for row in self:
            if row.choice in ("decide", "told") and row.kind != "notice":
                raise ValidationError(
                    _(
                        "%s is no notice of a wrong certificate: choose the other "
                        "possibility, Send or Cancel.",
                        row.subject or row._description,
                    )
                )

    def _is_undecided(self):
        """Whether nothing says yet how somebody is told of a wrong certificate."""
        self.ensure_one()
        if self.kind != "notice" or self.choice == "send":
            return False
        return not (self.choice == "told" and self.told_on and self.told_how)

    def write(self, vals):
        if "choice" in vals and not self._is_by_action():
            others = self.filtered(lambda row: not row.partner_id)
            if others:
                # who only prepares does not decide on what is not the rollback's
                others.rollback_id._check_manager()
        # The rows are evidence of a rollback that may have ended meanwhile.
        # sudo: whoever pays or sends mail knows nothing of rollbacks
        with amending(self.sudo().rollback_id._by_action()):
            return super().write(vals)

    @api.model
    def _prepare_held_mail(self, rollback, mail, partner):
        """Prepare a row for a mail that no row of the plan expects.

        :param mail: ``mail.mail``
        :param partner: whom it is about, maybe none
        :return: values of the row
        """
        return {
            "rollback_id": rollback.id,
            "partner_id": partner.id,
            "mail_id": mail.id,
            **self._prepare_shown(mail, partner),
            "request_id": mail.certificate_request_id.id,
            "kind": "certificate" if mail.is_cooperator_certificate else "other",
            "choice": self._get_default_choice(rollback, mail, partner),
        }

    @api.model
    def _prepare_shown(self, mail, partner):
        """Prepare what people see of a mail.

        Of one that is held for the scope's sake only it is nothing: mail is for system
        administrators, and those who work with rollbacks may not read what others write.
        """
        if not partner:
            return {"subject": _("Other mail of the company"), "email_to": False}
        return {"subject": mail.subject, "email_to": self._get_addresses(mail)}

    @api.model
    def _get_addresses(self, mail):
        """Give the addresses a mail goes to; "" where nobody has one."""
        addresses = [mail.email_to, *mail.recipient_ids.mapped("email_formatted")]
        return ", ".join(filter(None, addresses))

    @api.model
    def _get_default_choice(self, rollback, mail, partner):
        """Decide what becomes of a mail: ``send`` or ``cancel``.

        A certificate says what its person has: one that was made before the rollback is
        worthless where the holding changes.
        """
        if not mail.is_cooperator_certificate:
            return "send"
        change = rollback._get_plan().change_of(partner.id)
        return "cancel" if change and change.before != change.after else "send"

    def _hold(self, mail):
        """Keep ``mail`` from being sent."""
        self.ensure_one()
        mail.write({"state": HELD, "reconciliation_rollback_id": self.rollback_id.id})
        self.write(
            {
                "mail_id": mail.id,
                **self._prepare_shown(mail, self.partner_id),
                "state": "held",
            }
        )

    def _make_due_mails(self):
        """Make the mails that are due and that no match has made.

        They are held, as all mail is until the release.
        """
        due = self.filtered(
            lambda row: (
                row.state == "expected"
                and row.choice == "send"
                and not row.request_id
                and not row.mail_id
            )
        )
        for row in due:
            row._make_due_mail()

    def _make_due_mail(self):
        template = self._get_due_template()
        if not template:
            return
        mail_id = (
            template.with_company(self.company_id)
            .with_context(
                lang=self.partner_id.lang or self.env.lang,
                **self._get_mail_flags(),
            )
            .send_mail(self.partner_id.id, email_values=self._prepare_due_mail())
        )
        if self.mail_id.id != mail_id:
            self._hold(self.env["mail.mail"].browse(mail_id))

    def _get_mail_flags(self):
        """Return what the mail that is made has to know, as of the context."""
        found = flags.MAIL_ROW.set(self.id)
        if self.kind == "certificate":
            found.update(flags.CERTIFICATE.set())
        return found

    def _prepare_due_mail(self):
        """Prepare the values of ``mail.mail`` that the template leaves open."""
        if self.kind == "notice":
            return {"email_from": self.company_id.email_formatted}
        return {}

    def _get_due_template(self):
        """Get the ``mail.template`` for a partner that makes this mail; maybe none."""
        if self.kind == "certificate":
            return self.company_id.get_cooperator_share_update_mail_template()
        if self.kind == "notice":
            return self._get_notice_template()
        return self.env["mail.template"]

    def _release_reverted(self):
        """Let mail go on as if the rollback had not been.

        Cancel what its own steps have made; what waited before, or came meanwhile, waits
        to be sent again.
        """
        self._withdraw()
        # what was to be sent and is cancelled, somebody has cancelled by hand
        waiting = self.filtered(
            lambda row: (
                row.mail_id.state == HELD
                or (
                    row.state == "cancelled"
                    and row.choice == "cancel"
                    and row.mail_id.state == "cancel"
                )
            )
        )
        own = waiting.filtered("is_own")
        own.mail_id.cancel()
        own.write({"state": "cancelled"})
        others = waiting - own
        others.mail_id.mark_outgoing()
        others.write({"state": "sent"})
        self.filtered(lambda row: row.state == "expected").write({"state": "cancelled"})
        self._forget_others()

    def _forget_others(self):
        """Keep no subject and no address of mail that proves nothing of the correction.

        What somebody is written about beside it is nobody's business (GDPR, art. 5.1.c).
        """
        others = self.filtered(lambda row: row.kind == "other" and row.state != "held")
        for row in others:
            row.write({"subject": row._word_other(), "email_to": False})

    def _word_other(self):
        """What is left of the subject of another mail."""
        if self.partner_id:
            return _("Other mail about %s", self.partner_id.name)
        return _("Other mail of the company")

    def _get_held(self):
        return self.filtered(
            lambda row: row.state == "held" and row.mail_id.state == HELD
        )

    def _find_withdrawn(self):
        """The rows whose mail somebody has deleted or cancelled in Odoo's mail queue.

        It has not left: nothing sends a mail that is held.
        """
        return self.filtered(
            lambda row: row.state == "held" and row.mail_id.state in (False, "cancel")
        )

    def _withdraw(self):
        """Take it that mails are cancelled that somebody has deleted or cancelled.

        Where one was to be sent, the rollback's messages say so.
        """
        rows = self._find_withdrawn()
        rows.write({"state": "cancelled"})
        for row in rows.filtered(lambda row: row.choice == "send"):
            message = _(
                'The mail "%(subject)s" to %(recipient)s was to be sent, but somebody has '
                "deleted or cancelled it in the mail queue: it is not sent.",
                subject=row.subject or "",
                recipient=row.email_to or "",
            )
            row.rollback_id.message_post(body=plaintext2html(message))

    def _cancel_held(self):
        """Cancel the held mails that are not to be sent."""
        self._withdraw()
        rows = self._get_held().filtered(lambda row: row.choice == "cancel")
        rows.mail_id.cancel()
        rows.write({"state": "cancelled"})

    def _release_held(self):
        """Hand the held mails that are to be sent over to Odoo's mail queue."""
        rows = self._get_held().filtered(lambda row: row.choice == "send")
        rows.mail_id.mark_outgoing()
        rows.write({"state": "sent"})

    @api.model
    def _get_notice_template(self):
        """Get the ``mail.template`` for a partner that tells of a wrong certificate.

        :return: maybe none
        """
        template = self.env.ref(
            "cooperator_reconcile_rollback.mail_template_wrong_certificate",
            raise_if_not_found=False,
        )
        # somebody may have deleted it: then there is no such mail
        return template or self.env["mail.template"]
