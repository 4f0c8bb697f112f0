"""A tax that is due when a request is paid."""


class CashBasisTax:
    """Requests with such a tax; mixed into the test case."""

    @classmethod
    def put_tax_on(cls, *subscriptions):
        """Give the requests of subscriptions the tax; it is part of their amounts."""
        tax = cls.make_tax()
        for subscription in subscriptions:
            request = subscription.capital_release_request
            request.button_draft()
            values = {"tax_ids": [(6, 0, tax.ids)]}
            request.write(
                {"invoice_line_ids": [(1, request.invoice_line_ids.id, values)]}
            )
            request.action_post()

    @classmethod
    def make_tax(cls):
        company = cls.company
        company.tax_exigibility = True
        accounts = cls.env["account.account"]
        template = accounts.search(
            [("company_id", "=", company.id), ("internal_group", "=", "liability")],
            limit=1,
        )
        transition = template.copy({"code": "299998", "reconcile": True})
        due = template.copy({"code": "299999"})
        repartition = [
            (0, 0, {"repartition_type": "base", "factor_percent": 100}),
            (
                0,
                0,
                {
                    "repartition_type": "tax",
                    "factor_percent": 100,
                    "account_id": due.id,
                },
            ),
        ]
        return cls.env["account.tax"].create(
            {
                "name": "Due when paid",
                "amount": 20,
                "type_tax_use": "sale",
                "price_include": True,
                "company_id": company.id,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
            }
        )
