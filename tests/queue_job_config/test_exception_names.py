"""Exceptions by their names, known and unknown."""

from __future__ import annotations

import builtins

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import exceptions

from odoo.addons.queue_job_config.exception_names import is_a, is_one_of, names_in

thorough = settings(max_examples=200, deadline=None, derandomize=True)

CLASSES = [
    found
    for module in (builtins, exceptions)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, BaseException)
]
classes = st.sampled_from(CLASSES)
words = st.from_regex(r"[A-Za-z_]{1,8}", fullmatch=True)
dotted_names = st.lists(words, min_size=1, max_size=3).map(".".join)
any_names = st.one_of(classes.map(lambda found: stored_name(found)), dotted_names)


def stored_name(exception_class):
    """The name that queue_job stores with a failed job: Python's own have no module."""
    if exception_class.__module__ == "builtins":
        return exception_class.__name__
    return f"{exception_class.__module__}.{exception_class.__name__}"


@thorough
@given(classes, classes)
def test_known_classes_as_python_has_them(raised, named):
    assert is_a(stored_name(raised), stored_name(named)) == issubclass(raised, named)


@thorough
@given(any_names)
def test_every_exception_is_itself(name):
    assert is_a(name, name)


@thorough
@given(any_names, st.lists(any_names, max_size=4))
def test_one_of_several(raised, names):
    assert is_one_of(raised, names) == any(is_a(raised, name) for name in names)
    assert not is_one_of(raised, [])


@thorough
@given(st.lists(dotted_names, max_size=4), st.sampled_from(["\n", "\r\n", " \n\n "]))
def test_names_of_a_text(names, separator):
    assert names_in(separator.join(names)) == names


def test_business_errors():
    for name in ("AccessError", "ValidationError", "MissingError", "UserError"):
        assert is_a(f"odoo.exceptions.{name}", "odoo.exceptions.UserError")
    assert not is_a("odoo.exceptions.CacheMiss", "odoo.exceptions.UserError")
