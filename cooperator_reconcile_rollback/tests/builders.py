"""What an accountant of a cooperative does, made only with what cooperator itself makes."""

from collections import namedtuple

from odoo import fields

from .series import make_statement_line, match_statement_line

Person = namedtuple("Person", "firstname lastname email")

FLORA = Person("Flora", "Founder", "flora@example.org")
ALICE = Person("Alice", "Adam", "alice@example.org")
BRUNO = Person("Bruno", "Bell", "bruno@example.org")
CLARA = Person("Clara", "Cole", "clara@example.org")
DAVID = Person("David", "Dunn", "david@example.org")
EMMA = Person("Emma", "Evans", "emma@example.org")


class Builders:
    """Subscriptions, payments and operations; mixed into the test case.

    A subscription is a ``subscription.request``. Its ``capital_release_request`` is the
    request that is paid, its ``partner_id`` the person.
    """

    @classmethod
    def subscribe(cls, person, quantity, share, partner=None, company=None, date=None):
        """A validated subscription whose capital release request is posted.

        :param person: who fills in the form; the one of ``partner`` where that is given
        :param partner: somebody whom the cooperative knows already
        :param date: the day of the capital release request; today by default
        """
        company = company or cls.company
        subscription = (
            cls.env["subscription.request"]
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id if partner else False,
                    "firstname": person.firstname,
                    "lastname": person.lastname,
                    "email": person.email,
                    "address": "Cooperation Street 1",
                    "zip_code": "1000",
                    "city": "Brussels",
                    "country_id": cls.env.ref("base.be").id,
                    "lang": "en_US",
                    "source": "manual",
                    "ordered_parts": quantity,
                    "share_product_id": share.id,
                    "skip_iban_control": True,
                    "capital_release_request_date": date,
                }
            )
        )
        subscription.validate_subscription_request()
        return subscription.with_env(cls.env)

    @classmethod
    def subscribe_two_types(cls, person, first, second, partner=None, company=None):
        """A subscription whose request has two invoice lines, as cooperatives make it.

        The form knows one share type: the request is taken back to draft, gets its second
        line and is posted again.

        :param first: ``(quantity, share)``, and so is ``second``
        """
        subscription = cls.subscribe(person, *first, partner=partner, company=company)
        request = subscription.capital_release_request
        request.button_draft()
        quantity, share = second
        request.write(
            {
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": share.id,
                            "name": share.name,
                            "quantity": quantity,
                            "price_unit": share.list_price,
                            "account_id": request.invoice_line_ids.account_id.id,
                            "tax_ids": [(5, 0, 0)],
                        },
                    )
                ]
            }
        )
        request.action_post()
        return subscription

    @classmethod
    def allow_several_register_lines_per_operation(cls):
        """Make this database like one that has operations with several register lines.

        On 16.0, cooperator makes (company, operation number) unique, so that nobody can
        pay a request with two invoice lines. Where a register had such operations before,
        Odoo could not add that constraint (it only writes a warning) and they go on. This
        is undone with the test's transaction; on 14.0 there is nothing to drop.

        The table is locked until then, so a start's second look at the register shares
        the test's transaction instead of waiting for its end.
        """
        if not cls.registry.in_test_mode():
            cls.registry.enter_test_mode(cls.env.cr)
            cls.addClassCleanup(cls.registry.leave_test_mode)
        cls.env.cr.execute(
            "ALTER TABLE subscription_register DROP CONSTRAINT IF EXISTS"
            " subscription_register_company_id_register_number_operation_key"
        )

    @classmethod
    def journal_of(cls, company, kind="bank"):
        """The first journal of that type in the company."""
        return cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", kind)], limit=1
        )

    @classmethod
    def account_of(cls, company):
        return company.property_cooperator_account

    @classmethod
    def item_of(cls, move):
        """The journal item of a request or of a payment that can be matched."""
        account = move.company_id.property_cooperator_account
        return move.line_ids.filtered(lambda line: line.account_id == account)

    @classmethod
    def book_payment(cls, partner, amount, company=None, date=None, journal=None):
        """A posted payment that nobody has matched yet."""
        company = company or cls.company
        journal = journal or cls.journal_of(company)
        payment = (
            cls.env["account.payment"]
            .with_company(company)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": partner.id,
                    "amount": amount,
                    "journal_id": journal.id,
                    "date": date or fields.Date.today(),
                    "destination_account_id": cls.account_of(company).id,
                }
            )
        )
        payment.action_post()
        return payment.with_env(cls.env)

    @classmethod
    def match(cls, payment, *subscriptions):
        """Match a payment, or its journal entry, with capital release requests in turn.

        As whoever works in the company: cooperator 14.0 asks whether the person is a
        cooperator of the current company.
        """
        move = payment if payment._name == "account.move" else payment.move_id
        for subscription in subscriptions:
            request = subscription.capital_release_request
            items = cls.item_of(move) + cls.item_of(request)
            items.with_company(request.company_id).reconcile()

    @classmethod
    def pay(cls, subscription, by=None, date=None, amount=None, journal=None):
        """A payment, booked on ``by`` and matched with the subscription's request.

        ``by`` is the subscription's own person by default. It is somebody else where the
        accountant took the payment for the wrong request.
        """
        request = subscription.capital_release_request
        payment = cls.book_payment(
            by or subscription.partner_id,
            request.amount_residual if amount is None else amount,
            company=subscription.company_id,
            date=date,
            journal=journal,
        )
        cls.match(payment, subscription)
        return payment

    @classmethod
    def join(cls, person, quantity, share, company=None):
        """Somebody who subscribes and pays, all right."""
        subscription = cls.subscribe(person, quantity, share, company=company)
        cls.pay(subscription)
        return subscription

    @classmethod
    def register_payment(cls, subscription, date=None):
        """A payment made with Odoo's "Register Payment" on the request itself."""
        request = subscription.capital_release_request
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=request.ids)
            .create({"payment_date": date or fields.Date.today()})
        )
        wizard.with_company(request.company_id).action_create_payments()
        return cls.matches_of(request).credit_move_id.move_id.payment_id

    @classmethod
    def payment_entry(cls, partner, amount, company=None, date=None):
        """A payment that the accountant wrote as a journal entry of the bank journal."""
        company = company or cls.company
        journal = cls.journal_of(company)
        entry = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": date or fields.Date.today(),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Transfer",
                            "account_id": journal.default_account_id.id,
                            "partner_id": partner.id,
                            "debit": amount,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "name": "Transfer",
                            "account_id": cls.account_of(company).id,
                            "partner_id": partner.id,
                            "credit": amount,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def bank_statement_line(cls, partner, amount, company=None, date=None):
        """A line of the bank's statement that says who seems to have paid."""
        return make_statement_line(
            cls.journal_of(company or cls.company),
            {
                "date": date or fields.Date.today(),
                "payment_ref": "Transfer for shares",
                "partner_id": partner.id,
                "amount": amount,
            },
        )

    @classmethod
    def pay_from_statement(cls, subscription, by=None, date=None):
        """Match a statement line, booked on ``by``, with the subscription's request."""
        request = subscription.capital_release_request
        line = cls.bank_statement_line(
            by or subscription.partner_id,
            request.amount_residual,
            company=subscription.company_id,
            date=date,
        )
        match_statement_line(line, cls.item_of(request))
        return line

    @classmethod
    def confirm_by_bank(cls, payment):
        """Match a booked payment with the line of the bank statement that it became."""
        line = cls.bank_statement_line(
            payment.partner_id, payment.amount, payment.company_id, payment.date
        )
        outstanding = payment.move_id.line_ids - cls.item_of(payment.move_id)
        match_statement_line(line, outstanding)
        return line

    @classmethod
    def matches_of(cls, move):
        """The matches of a request, a payment's entry or a statement line's entry."""
        items = cls.item_of(move)
        return items.matched_credit_ids | items.matched_debit_ids

    @classmethod
    def operate(cls, kind, partner, share, quantity, company=None, **values):
        """An operation request, submitted, approved and executed."""
        company = company or cls.company
        operation = (
            cls.env["operation.request"]
            .with_company(company)
            .create(
                {
                    "operation_type": kind,
                    "partner_id": partner.id,
                    "share_product_id": share.id,
                    "quantity": quantity,
                    "company_id": company.id,
                    **values,
                }
            )
        )
        operation.submit_operation()
        operation.approve_operation()
        operation.execute_operation()
        return operation

    @classmethod
    def sell_back(cls, partner, share, quantity, company=None):
        return cls.operate("sell_back", partner, share, quantity, company)

    @classmethod
    def transfer(cls, partner, receiver, share, quantity, company=None):
        """Hand shares over to somebody who has a membership, effective or not."""
        return cls.operate(
            "transfer", partner, share, quantity, company, partner_id_to=receiver.id
        )

    @classmethod
    def convert(cls, partner, share, quantity, into, company=None):
        """Turn all shares of a partner into another type."""
        return cls.operate(
            "convert",
            partner,
            share,
            quantity,
            company,
            share_to_product_id=into.id,
        )
