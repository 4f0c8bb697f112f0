"""Run the examples in docstrings as tests of an add-on."""

import doctest

from odoo.addons.queue_job.tests.common import OdooDocTestCase

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def load_doctests(addon, *modules):
    """Make what ``unittest`` calls ``load_tests``, with the doctests of some modules.

    Give the tests what Odoo chooses tests by: tags, and the add-on they belong to.

    :param addon: technical name of the add-on
    :param modules: imported Python modules
    """

    def load_tests(_loader, tests, _pattern):
        found = [test for module in modules for test in doctest.DocTestSuite(module)]
        for number, test in enumerate(found):
            case = OdooDocTestCase(test, optionflags=FLAGS, seq=number)
            case.test_tags = {"standard", "at_install", "doctest"}
            case.test_module = addon
            tests.addTest(case)
        return tests

    return load_tests
