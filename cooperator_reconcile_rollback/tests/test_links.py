"""Operations and shares know what made them, old ones where exactly one fits."""

from odoo.tests import tagged

from ..hooks import post_init_hook
from .builders import ALICE, BRUNO, CLARA
from .common import RollbackCase
from .series import flush, invalidate


class LinksCase(RollbackCase):
    """What the links of the register and of share lines are."""

    MODELS = ("subscription.register", "share.line")

    def links(self, model, company=None):
        """The links of a model's records by id."""
        records = self.env[model].search(
            [("company_id", "=", (company or self.company).id)], order="id"
        )
        return {
            record.id: (record.capital_release_request_id, record.operation_request_id)
            for record in records
        }

    def clear_links(self):
        """Make the books look as if this module was not there when they were written."""
        flush(self.env)
        for table in ("subscription_register", "share_line"):
            self.env.cr.execute(
                f"UPDATE {table} SET capital_release_request_id = NULL,"
                " operation_request_id = NULL"
            )
        invalidate(self.env)

    def install(self):
        """What happens at the end of the module's installation."""
        post_init_hook(self.env.cr, self.registry)
        invalidate(self.env)

    def line_of(self, number):
        return self.env["subscription.register"].search(
            [
                ("register_number_operation", "=", number),
                ("company_id", "=", self.company.id),
            ]
        )

    def share_lines_of(self, partner):
        return self.env["share.line"].search(
            [("partner_id", "=", partner.id)], order="id"
        )


@tagged("post_install", "-at_install")
class TestLinksFromNowOn(LinksCase):
    """What is made while this module is installed."""

    def test_subscription(self):
        alice = self.join(ALICE, 3, self.share_y)
        request = alice.capital_release_request
        self.assertEqual(self.line_of(1002).capital_release_request_id, request)
        (line,) = self.share_lines_of(alice.partner_id)
        self.assertEqual(line.capital_release_request_id, request)
        self.assertFalse(self.line_of(1002).operation_request_id)
        self.assertFalse(line.operation_request_id)

    def test_sale(self):
        alice = self.join(ALICE, 3, self.share_y)
        sale = self.sell_back(alice.partner_id, self.share_y, 1)
        self.assertEqual(self.line_of(1003).operation_request_id, sale)
        (line,) = self.share_lines_of(alice.partner_id)
        self.assertEqual(line.capital_release_request_id, alice.capital_release_request)
        self.assertFalse(line.operation_request_id)

    def test_transfer(self):
        alice = self.join(ALICE, 3, self.share_y)
        bruno = self.join(BRUNO, 3, self.share_y)
        transfer = self.transfer(alice.partner_id, bruno.partner_id, self.share_y, 2)
        self.assertEqual(self.line_of(1004).operation_request_id, transfer)
        own, received = self.share_lines_of(bruno.partner_id)
        self.assertFalse(own.operation_request_id)
        self.assertEqual(received.operation_request_id, transfer)
        self.assertFalse(received.capital_release_request_id)
        self.assertFalse(
            self.share_lines_of(alice.partner_id).mapped("operation_request_id")
        )

    def test_conversion(self):
        alice = self.join(ALICE, 2, self.share_y)
        conversion = self.convert(alice.partner_id, self.share_y, 2, self.share_x)
        self.assertEqual(self.line_of(1003).operation_request_id, conversion)
        (line,) = self.share_lines_of(alice.partner_id)
        self.assertEqual(line.operation_request_id, conversion)
        self.assertEqual(line.capital_release_request_id, alice.capital_release_request)

    def test_cascade_keeps_them(self):
        """Later operations that are taken back and applied again are linked as before."""
        wrong = self.join(ALICE, 3, self.share_y)
        clara = self.join(CLARA, 4, self.share_y)
        flora = self.flora.partner_id
        self.transfer(clara.partner_id, flora, self.share_y, 1)
        self.sell_back(flora, self.share_y, 1)
        removed_ids = (self.line_of(1002).id, self.share_lines_of(wrong.partner_id).id)
        before = [
            [links for record, links in self.links(model).items() if record != gone]
            for model, gone in zip(self.MODELS, removed_ids)
        ]
        self.roll_back(
            wrong.capital_release_request, cascade="all", numbering="keep_gap"
        )
        after = [list(self.links(model).values()) for model in self.MODELS]
        # what was matched again is another record, and another's place by its id
        for links_after, links_before in zip(after, before):
            self.assertCountEqual(links_after, links_before)

    def test_only_the_own_request_is_cancelled(self):
        """Two sales that look alike: the one behind the removed operation goes."""
        alice = self.join(ALICE, 2, self.share_y)
        sale = self.sell_back(alice.partner_id, self.share_y, 2)
        again = self.subscribe(ALICE, 2, self.share_y, partner=alice.partner_id)
        self.pay(again)
        second_sale = self.sell_back(alice.partner_id, self.share_y, 2)
        self.roll_back(again.capital_release_request, cascade="dependents")
        self.assertEqual((sale.state, second_sale.state), ("done", "cancelled"))


@tagged("post_install", "-at_install")
class TestLinksOfBefore(LinksCase):
    """What was made before this module was installed."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.join(ALICE, 4, cls.share_y)
        cls.bruno = cls.join(BRUNO, 2, cls.share_y)

    def assertLinksMade(self):
        """Cleared links are all made again."""
        before = [self.links(model) for model in self.MODELS]
        self.clear_links()
        self.assertNotEqual([self.links(model) for model in self.MODELS], before)
        self.install()
        self.assertEqual([self.links(model) for model in self.MODELS], before)

    def test_every_kind(self):
        """Bought, sold in part, handed over, converted, bought again."""
        alice, bruno = self.alice.partner_id, self.bruno.partner_id
        self.sell_back(alice, self.share_y, 1)
        self.transfer(alice, bruno, self.share_y, 1)
        self.pay(self.subscribe(BRUNO, 1, self.share_x, partner=bruno))
        self.convert(alice, self.share_y, 2, self.share_x)
        self.assertLinksMade()

    def test_two_share_types(self):
        self.allow_several_register_lines_per_operation()
        clara = self.subscribe_two_types(CLARA, (1, self.share_x), (2, self.share_y))
        self.pay(clara)
        self.assertLinksMade()

    def test_date_decides(self):
        """The same shares twice, on two days."""
        alice = self.alice.partner_id
        for days in (9, 2):
            again = self.subscribe(ALICE, 1, self.share_x, partner=alice)
            self.pay(again, date=self.days_ago(days))
        self.assertLinksMade()

    def test_second_company(self):
        second = self.make_company("Second cooperative")
        self.join(CLARA, 2, self.share_x, company=second)
        before = self.links("subscription.register", second)
        self.clear_links()
        self.install()
        self.assertEqual(self.links("subscription.register", second), before)

    def test_nothing_is_guessed(self):
        """The same shares twice on one day: which request made which is not known."""
        alice = self.alice.partner_id
        for _time in range(2):
            self.pay(self.subscribe(ALICE, 1, self.share_x, partner=alice))
        self.clear_links()
        self.install()
        nothing = (self.env["account.move"], self.env["operation.request"])
        links = self.links("subscription.register")
        for number in (1004, 1005):
            self.assertEqual(links[self.line_of(number).id], nothing)
        self.assertEqual(
            self.line_of(1002).capital_release_request_id,
            self.alice.capital_release_request,
        )
        first, *others = self.share_lines_of(alice)
        self.assertEqual(
            first.capital_release_request_id, self.alice.capital_release_request
        )
        self.assertFalse(others[0].capital_release_request_id)
        self.assertFalse(others[1].capital_release_request_id)

    def test_none_fits(self):
        """An operation whose request is not paid any more."""
        self.matches_of(self.bruno.capital_release_request).unlink()
        self.clear_links()
        self.install()
        self.assertFalse(self.line_of(1003).capital_release_request_id)
        self.assertTrue(self.line_of(1002).capital_release_request_id)

    def test_shares_unlike_the_register(self):
        """Share lines that the register does not give are left alone, others found."""
        alice = self.alice.partner_id
        (line,) = self.share_lines_of(alice)
        extra = line.copy({"share_number": 7})
        self.clear_links()
        self.install()
        self.assertEqual(
            line.capital_release_request_id, self.alice.capital_release_request
        )
        self.assertFalse(extra.capital_release_request_id)

    def test_nothing_else_is_written(self):
        """Nobody seems to have changed an operation since."""
        lines = self.line_of(1002)
        self.clear_links()
        self.age(lines)
        self.install()
        self.assertTrue(lines.capital_release_request_id)
        self.assertEqual(lines.write_date.year, 2001)
