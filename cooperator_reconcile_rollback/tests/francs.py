"""A currency that is not the company's."""


class Francs:
    """Payments in francs; mixed into the test case."""

    @classmethod
    def make_francs(cls, *rates):
        """Use francs.

        :param rates: since how many days ago, and how many francs a unit of the company's
            currency is worth since then
        """
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.franc = currencies.search([("name", "=", "CHF")])
        cls.franc.active = True
        known = cls.env["res.currency.rate"]
        known.search([("currency_id", "=", cls.franc.id)]).unlink()
        known.create(
            [
                {
                    "currency_id": cls.franc.id,
                    "company_id": cls.company.id,
                    "name": cls.days_ago(days),
                    "rate": rate,
                }
                for days, rate in rates
            ]
        )

    @classmethod
    def book_in_francs(cls, partner, francs, days, amount=None, currency=None):
        """A payment in francs as an entry of the bank journal.

        :param amount: in the company's currency, where the bank has a rate of its own
        :param currency: another one
        """
        date = cls.days_ago(days)
        if amount is None:
            amount = cls.franc._convert(
                francs, cls.company.currency_id, cls.company, date
            )
        bank = cls.journal_of(cls.company)
        common = {
            "name": "Transfer",
            "partner_id": partner.id,
            "currency_id": (currency or cls.franc).id,
        }
        entry = cls.env["account.move"].create(
            {
                "journal_id": bank.id,
                "date": date,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            **common,
                            "account_id": bank.default_account_id.id,
                            "debit": amount,
                            "amount_currency": francs,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            **common,
                            "account_id": cls.company.property_cooperator_account.id,
                            "credit": amount,
                            "amount_currency": -francs,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        return entry
