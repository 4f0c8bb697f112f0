"""The examples in the docstrings of this add-on, run where Odoo runs an add-on's tests.

pytest collects them by itself.
"""

import doctest
from importlib import import_module
from pkgutil import walk_packages

# the class itself would be collected as a test
from odoo.addons.queue_job.tests import common as queue_job_tests

ADDON = __name__.rsplit(".tests.", 1)[0]
PACKAGES = ("ledger", "report", "tools")
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def find_modules():
    """The modules of ``PACKAGES``, in the order of their names."""
    for name in PACKAGES:
        package = import_module("%s.%s" % (ADDON, name))
        for module in walk_packages(package.__path__, package.__name__ + "."):
            yield import_module(module.name)


def load_tests(loader, tests, pattern):
    """Add the examples to the tests that Odoo's loader finds in this module."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    for module in find_modules():
        for example in doctest.DocTestSuite(module, test_finder=finder):
            test = queue_job_tests.OdooDocTestCase(
                example, optionflags=OPTIONS, seq=tests.countTestCases()
            )
            test.test_tags = {"standard", "at_install", "ledger"}
            test.test_module = ADDON.rsplit(".", 1)[-1]
            test.test_class = type(test).__name__
            tests.addTest(test)
    return tests
