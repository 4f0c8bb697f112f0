"""Which company a mail is from, or is about: Odoo does not say."""

from collections import defaultdict


class MailCompanies:
    """The companies of mails.

    :param mails: ``mail.mail``, as superuser
    """

    def __init__(self, mails):
        self.mails = mails
        self.env = mails.env
        self.none = self.env["res.company"]

    def of_records(self):
        """Find the company of the record behind each mail.

        :return: ``{mail.mail: res.company}``, empty where the record has no company
        """
        records = self._get_records()
        return {
            mail: mail.certificate_request_id.company_id or self._get_company(record)
            for mail, record in records.items()
        }

    def of_people(self):
        """Find the companies of those whom each mail goes to, else of who wrote it.

        :return: ``{mail.mail: res.company}``
        """
        memberships = self.env["cooperative.membership"].search(
            [("partner_id", "in", self.mails.recipient_ids.ids)]
        )
        companies = defaultdict(lambda: self.none)
        for membership in memberships:
            companies[membership.partner_id] |= membership.company_id
        return {
            mail: mail.recipient_ids.company_id.union(
                *[companies[partner] for partner in mail.recipient_ids]
            )
            or mail.author_id.user_ids.company_id
            for mail in self.mails
        }

    def _get_records(self):
        """The record behind each mail, an empty one where there is none."""
        ids = defaultdict(set)
        for mail in self.mails:
            if mail.model in self.env and mail.res_id:
                ids[mail.model].add(mail.res_id)
        # as one recordset of each model, so that they are read together
        present = {
            model: self.env[model].browse(sorted(found)).exists()
            for model, found in ids.items()
        }
        by_key = {
            (model, record.id): record
            for model, records in present.items()
            for record in records
        }
        return {
            mail: by_key.get((mail.model, mail.res_id), self.none)
            for mail in self.mails
        }

    def _get_company(self, record):
        if record._name == "res.company":
            return record
        return record.company_id if "company_id" in record._fields else self.none
