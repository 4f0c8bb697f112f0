from odoo.tests import BaseCase

from ..retry.exception_names import is_a, is_one_of, names_in


class TestExceptionNames(BaseCase):
    """Exceptions match by their names, with or without a class of that name."""

    def test_business_errors(self):
        for name in ("AccessError", "ValidationError", "MissingError", "UserError"):
            error = "odoo.exceptions.%s" % name
            self.assertTrue(is_a(error, "odoo.exceptions.UserError"), error)
        self.assertFalse(is_a("odoo.exceptions.CacheMiss", "odoo.exceptions.UserError"))

    def test_classes_that_are_gone(self):
        self.assertTrue(is_one_of("gone.Timeout", names_in("KeyError\nTimeout")))
        self.assertFalse(is_one_of("gone.Timeout", names_in("KeyError\nother.Timeout")))

    def test_no_names(self):
        self.assertFalse(is_one_of("KeyError", []))
