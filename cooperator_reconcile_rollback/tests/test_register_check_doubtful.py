"""Who is called plainly right is so: the check finds the same where it looks at everyone."""

import random

from psycopg2 import Error, sql

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..books.check_reader import load_books
from ..books.doubtful import find_doubtful
from ..ledger.check import check
from .builders import CLARA, DAVID
from .register_check_case import RegisterCheckCase
from .series import flush, invalidate

EXAMPLES = 40
COLUMNS = {
    "subscription_register": (
        "register_number_operation",
        "type",
        "partner_id",
        "partner_id_to",
        "date",
        "quantity",
        "share_product_id",
        "share_unit_price",
        "capital_release_request_id",
        "operation_request_id",
    ),
    "share_line": (
        "partner_id",
        "share_number",
        "share_product_id",
        "share_unit_price",
        "effective_date",
    ),
    "cooperative_membership": ("member", "old_member", "cooperator_register_number"),
    "operation_request": ("state", "partner_id", "partner_id_to", "quantity"),
    "subscription_request": ("state",),
    "account_move": (
        "partner_id",
        "state",
        "payment_state",
        "payment_reference",
        "name",
        "ref",
    ),
    "account_move_line": ("partner_id", "name"),
}


@tagged("post_install", "-at_install")
class TestDoubtful(RegisterCheckCase):
    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        clara = cls.join(CLARA, 3, cls.share_x)
        cls.sell_back(clara.partner_id, cls.share_x, 1)
        david = cls.join(DAVID, 2, cls.share_y)
        cls.transfer(david.partner_id, cls.flora.partner_id, cls.share_y, 2)

    def setUp(self):
        super().setUp()
        self.allow_double_numbers()
        flush(self.env)

    def test_plainly_right(self):
        """A sale and a transfer do not make people doubtful; a conversion does."""
        alice, bruno = self.alice.partner_id, self.bruno.partner_id
        self.assertEqual(find_doubtful(self.company), {alice.id, bruno.id})

    def test_same_findings(self):
        """Whatever is wrong in the books, in whatever combination."""
        chance = random.Random(13)
        found = 0
        for number in range(EXAMPLES):
            self.env.cr.execute("SAVEPOINT clean")
            changes = [self.spoil(chance) for _change in range(chance.randint(1, 3))]
            with self.subTest(number=number, changes=changes):
                found += bool(self.assertSameFindings())
            self.env.cr.execute("ROLLBACK TO SAVEPOINT clean")
        self.assertGreater(found, EXAMPLES / 4)

    def assertSameFindings(self):
        invalidate(self.env)
        try:
            expected = check(load_books(self.company))
        except (TypeError, ValueError):
            # nothing that Odoo could store: numbers and shares that are none
            return ()
        self.assertEqual(self.company._check_register(), expected)
        return expected

    def spoil(self, chance):
        """Change, remove or double a row that cooperator has written.

        :return: what was done
        """
        table = chance.choice(sorted(COLUMNS))
        column = chance.choice(COLUMNS[table])
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        row, other = chance.choices(self.get_ids(table), k=2)
        value, parameters = chance.choice(
            [
                ("NULL", ()),
                ("(SELECT {column} FROM {table} WHERE id = %s)", (other,)),
                ("(SELECT {column} FROM {table} WHERE id = %s)", (other,)),
                ("{column} + 1", ()),
            ]
        )
        query, parameters = chance.choice(
            [(f"UPDATE {{table}} SET {{column}} = {value} WHERE id = %s", parameters)]
            * 6
            + [
                ("DELETE FROM {table} WHERE id = %s", ()),
                (
                    "INSERT INTO {table} SELECT (jsonb_populate_record("
                    "t, jsonb_build_object('id', (SELECT max(id) + 1 FROM {table})))).* "
                    "FROM {table} t WHERE id = %s",
                    (),
                ),
            ]
        )
        query = sql.SQL(query).format(**names)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(query, (*parameters, row))
        except Error:
            # the database itself does not take it
            return None
        return (query.as_string(self.env.cr._obj), *parameters, row)

    def get_ids(self, table):
        query = sql.SQL("SELECT id FROM {} WHERE company_id = %s ORDER BY id")
        self.env.cr.execute(query.format(sql.Identifier(table)), (self.company.id,))
        return [row for (row,) in self.env.cr.fetchall()]
