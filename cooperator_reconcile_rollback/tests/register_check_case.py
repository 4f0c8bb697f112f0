"""A cooperative whose books are checked, and ways to spoil them."""

from ..books.check_reader import load_books
from ..ledger.check import check as check_books
from .builders import ALICE, BRUNO
from .common import RollbackCase
from .series import flush, invalidate
from .snapshots import NextNumbers


class RegisterCheckCase(RollbackCase):
    """A register with an operation of every kind: 1001 to 1006, cooperators 501 to 503."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.join(ALICE, 4, cls.share_y)
        cls.bruno = cls.join(BRUNO, 2, cls.share_y)
        alice, bruno = cls.alice.partner_id, cls.bruno.partner_id
        cls.sale = cls.sell_back(alice, cls.share_y, 1)
        cls.transfer(alice, bruno, cls.share_y, 1)
        cls.convert(alice, cls.share_y, 2, cls.share_x)

    def check_of(self, company=None, user=None):
        """The company's register check, as one sees it who may look at it only."""
        model = self.env["cooperator.register.check"].with_user(user or self.user)
        return model._get_check(company or self.company)

    def find(self, company=None):
        """What the check finds now; the same as where it looks at everyone closely."""
        invalidate(self.env)
        check = self.check_of(company)
        check.action_check()
        checked = check.company_id.sudo().with_company(check.company_id)
        self.assertEqual(checked._check_register(), check_books(load_books(checked)))
        return check.finding_ids.search([("check_id", "=", check.id)])

    def assertFinds(self, *kinds):
        """The check finds these and nothing else.

        :return: the findings, in the order of ``kinds``
        """
        findings = self.find()
        words = findings.mapped("description")
        self.assertEqual(sorted(findings.mapped("kind")), sorted(kinds), words)
        return findings.sorted(lambda finding: kinds.index(finding.kind))

    def execute(self, query, *parameters):
        """Do what nobody could do through Odoo."""
        flush(self.env)
        self.env.cr.execute(query, parameters)
        invalidate(self.env)

    def line_of(self, number):
        return self.env["subscription.register"].search(
            [
                ("register_number_operation", "=", number),
                ("company_id", "=", self.company.id),
            ]
        )

    def renumber(self, number, new, following):
        """Give an operation another number."""
        self.execute(
            "UPDATE subscription_register SET register_number_operation = %s"
            " WHERE id IN %s",
            new,
            tuple(self.line_of(number).ids),
        )
        self.set_next_numbers(self.company, NextNumbers(following, 504))

    def renumber_bruno(self, new, following):
        """Give Bruno another cooperator number, or none."""
        self.execute(
            "UPDATE cooperative_membership SET cooperator_register_number = %s"
            " WHERE id = %s",
            new,
            self.membership_of(self.bruno.partner_id).id,
        )
        self.set_next_numbers(self.company, NextNumbers(1007, following))

    def allow_double_numbers(self):
        """Make this database like one that has double numbers, see the builders."""
        self.allow_several_register_lines_per_operation()
        self.execute(
            "ALTER TABLE cooperative_membership DROP CONSTRAINT IF EXISTS"
            " cooperative_membership_company_id_cooperator_register_numbe_key"
        )
