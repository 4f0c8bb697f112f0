"""The head of a company's chain of evidence, for paper and mail that leave the database."""

from odoo import _
from odoo.tools.misc import format_datetime


def find_last_link(company):
    """Find the last link of the chain; maybe none.

    :return: ``cooperator.evidence.link``
    """
    # sudo: whoever prints a document, or gets it by mail, sees what it stands in
    links = company.env["cooperator.evidence.link"].sudo()
    return links.search([("company_id", "=", company.id)], order="number desc", limit=1)


def format_time(link, timezone):
    """Format when a link was made, in the language of its environment."""
    return format_datetime(link.env, link.at, tz=timezone, dt_format=False)


class ChainHead:
    """The head of a company's chain in words.

    :param company: ``res.company``, in the reader's environment
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env

    def word(self, timezone):
        """Word the head as it is now.

        :return: a sentence; empty where there is no link
        """
        last = find_last_link(self.company)
        if not last:
            return ""
        return _(
            "Chain of evidence of %(company)s: %(count)s links, the last of %(time)s, with "
            "the hash %(hash)s.",
            company=last.company_id.name,
            count=last.number,
            time=format_time(last, timezone),
            hash=last.hash,
        )

    def mail(self):
        """Mail the head to the company's auditor.

        :return: ``mail.mail``, none where there is no link
        """
        company = self.company
        # sudo: the mail queue is for system administrators
        mails = self.env["mail.mail"].sudo()
        head = self.word(company.partner_id.tz or "UTC")
        if not head:
            return mails
        return mails.create(
            {
                "subject": _("Chain of evidence of %s", company.name),
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": company.evidence_email,
                "body_html": self.env["reconciliation.rollback"]._render(
                    "cooperator_evidence_head_mail", {"head": head}
                ),
                "auto_delete": False,
            }
        )


def word_head(company, env, timezone):
    """Word the head of a company's chain as it is now.

    :param env: the reader's environment
    :return: a sentence; empty where there is no link
    """
    return ChainHead(company.with_env(env)).word(timezone)


def mail_head(company):
    """Mail the head of a company's chain to its auditor, in the company's language.

    :return: ``mail.mail``, none where there is no link
    """
    return ChainHead(company.with_context(lang=company.partner_id.lang)).mail()
