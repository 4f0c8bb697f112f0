"""Certificates and other mail that waits to be sent; mixed into the test case."""


class Mails:
    """Mail is looked at in Odoo's queue: tests never send any."""

    @classmethod
    def switch_certificates_on(cls, company=None):
        """Queue certificate mails from now on, with subjects that tell them apart.

        The templates are cooperator's own without the PDF, which nobody looks at here.
        """
        company = company or cls.company
        company.send_certificate_email = True
        for name, subject in (
            ("cooperator_certificate_mail_template", "First certificate"),
            (
                "cooperator_certificate_increase_mail_template",
                "Certificate of increase",
            ),
        ):
            original = getattr(company, f"get_{name}")()
            company[name] = original.copy(
                {"subject": subject, "report_template": False}
            )

    @classmethod
    def mails_to(cls, partner):
        """All mail in the queue that somebody is to get, as ``[(subject, state)]``."""
        mails = cls.env["mail.mail"].search(
            [
                "|",
                ("recipient_ids", "in", partner.ids),
                ("email_to", "ilike", partner.email),
            ],
            order="id",
        )
        return [(mail.subject, mail.state) for mail in mails]

    @classmethod
    def certificates_to(cls, partner):
        """The states of a partner's certificates, by subject and in order."""
        return [
            (subject, state)
            for subject, state in cls.mails_to(partner)
            if subject in ("First certificate", "Certificate of increase")
        ]

    @classmethod
    def make_mail(cls, partner, subject="Newsletter"):
        """A mail to somebody that waits in the queue and that no certificate is."""
        return cls.env["mail.mail"].create(
            {
                "subject": subject,
                "body_html": "<p>Good morning</p>",
                "email_from": "cooperative@example.org",
                "recipient_ids": [(6, 0, partner.ids)],
                "auto_delete": False,
            }
        )
