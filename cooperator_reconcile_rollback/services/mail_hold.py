from odoo.tools import email_split

from ..models.mail_mail import HELD
from ..tools import flags
from .evidence import amending
from .mail_companies import MailCompanies


class MailHold:
    """Mail that one rollback keeps from being sent, from its start to its release.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env

    def begin(self):
        """Hold mail from now on, and what waits already."""
        rollback = self.rollback
        rollback.mail_held = True
        # a mail that is being sent at this moment is locked by its scheduler: the write
        # conflicts, and the transaction is tried again
        waiting = self.env["mail.mail"].search([("state", "=", "outgoing")])
        rollback._hold_mails(waiting)
        gone = rollback.mail_ids.filtered(
            lambda row: row.state == "expected" and row.is_waiting and not row.mail_id
        )
        gone.write({"state": "sent"})

    def hold(self, mails):
        """Hold those of ``mails`` that concern the rollback.

        :param mails: ``mail.mail``
        :return: those that are held now
        """
        concerned = self.find_concerned(mails)
        for mail, partner in concerned.items():
            self._get_row(mail, partner)._hold(mail)
        return mails.browse([mail.id for mail in concerned])

    def _get_row(self, mail, partner):
        """The row that expects ``mail``; a new one where none does."""
        rows = self.rollback.mail_ids
        made_for = flags.MAIL_ROW.get(self.env.context)
        row = rows.filtered(
            lambda row: (
                row.mail_id == mail
                or row.id == made_for
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
        return row[:1] or rows.create(
            rows._prepare_held_mail(self.rollback, mail, partner)
        )

    def find_concerned(self, mails):
        """Find which of ``mails`` concern the rollback: none about another company's record.

        :param mails: ``mail.mail``
        :return: ``{mail.mail: res.partner}``; the partner is empty where the mail is
            held for the scope's sake only
        """
        if not mails:
            return {}
        of_records = MailCompanies(mails).of_records()
        others = [
            mail.id
            for mail, company in of_records.items()
            if company and company != self.rollback.company_id
        ]
        mails -= mails.browse(others)
        concerned = self._find_about_people(mails)
        if self.rollback.mail_scope == "all":
            left = mails - mails.browse([mail.id for mail in concerned])
            for mail in self._find_of_company(left, of_records):
                concerned[mail] = self.env["res.partner"]
        return concerned

    def _find_about_people(self, mails):
        """Find the mails to or about somebody whom the rollback concerns, and whom."""
        related = self._get_related_partners()
        emails = None
        concerned = {}
        for mail in mails:
            about = self.rollback._get_mail_subject_partners(mail) | mail.recipient_ids
            partner = next((related[p] for p in about if p in related), None)
            if not partner and mail.email_to:
                emails = emails or self._get_emails(related)
                addresses = email_split(mail.email_to.lower())
                partner = next((emails[a] for a in addresses if a in emails), None)
            if partner:
                concerned[mail] = partner
        return concerned

    def _get_emails(self, related):
        """Whom each address is somebody's for, in small letters.

        :param related: what :meth:`_get_related_partners` gave
        """
        return {
            email: partner
            for member, partner in related.items()
            for email in email_split((member.email or "").lower())
        }

    def _find_of_company(self, mails, of_records):
        """Find the mails of the rollback's company, as far as that can be told.

        The record tells it, else those whom a mail goes to, else who wrote it. Where there
        is no other company nothing has to.

        :param of_records: what :meth:`~.mail_companies.MailCompanies.of_records` gave
        """
        company = self.rollback.company_id
        if not self.env["res.company"].search([("id", "!=", company.id)], limit=1):
            return mails
        of_people = MailCompanies(mails).of_people()
        return mails.filtered(
            lambda mail: (of_records[mail] or of_people[mail]) == company
        )

    def _get_related_partners(self):
        """Who gets mail for someone that the rollback concerns, and for whom.

        :return: ``{res.partner: res.partner}``
        """
        rollback = self.rollback
        plan = rollback._get_plan()
        changed = [change.partner for change in plan.changes]
        for operation in plan.removed + plan.inserted:
            changed += operation.partners
        concerned = (
            self.env["res.partner"].browse(dict.fromkeys(changed)).exists()
            | rollback.line_ids.wrong_partner_id
            | rollback.line_ids.right_move_id.partner_id
            | rollback.line_ids.payment_partner_id
        )
        return {
            member: partner
            for partner in concerned
            for member in partner | partner.commercial_partner_id.child_ids
        }


def hold_outgoing(holding, mails):
    """Hold outgoing mail for the first of several rollbacks that it concerns.

    :param holding: the ``reconciliation.rollback`` that hold mail
    :param mails: ``mail.mail``
    :return: those that are held now
    """
    held = mails.browse()
    outgoing = mails.filtered(lambda mail: mail.state == "outgoing")
    for rollback in holding:
        held |= MailHold(rollback).hold(outgoing - held)
    return held


def release_left(rollbacks):
    """Release the mail that ended rollbacks left behind.

    :param rollbacks: ``reconciliation.rollback``
    """
    for rollback in rollbacks:
        with amending(rollback):
            _release_left(rollback)
    # their rollback, and with it every choice, is gone
    rollbacks.env["mail.mail"].search(
        [("state", "=", HELD), ("reconciliation_rollback_id", "=", False)]
    ).mark_outgoing()


def _release_left(rollback):
    rollback.mail_held = False
    if rollback.state == "reverted":
        rollback.mail_ids._release_reverted()
    else:
        rollback.mail_ids._cancel_held()
        rollback.mail_ids._release_held()
