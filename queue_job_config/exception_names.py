"""Exceptions by their names: all that is left of one when its job has failed."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from typing import Optional


def names_in(text: Optional[str]) -> list[str]:
    """The names in a text with one a line.

    >>> names_in(" odoo.exceptions.UserError\\n\\nValueError ")
    ['odoo.exceptions.UserError', 'ValueError']
    >>> names_in(None)
    []
    """
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def is_one_of(raised: str, names: Iterable[str]) -> bool:
    """Whether an exception is of one of the named classes, or of a subclass of one.

    >>> is_one_of("builtins.FileNotFoundError", ["ValueError", "OSError"])
    True
    >>> is_one_of("builtins.OSError", ["FileNotFoundError"])
    False
    """
    return any(is_a(raised, name) for name in names)


def is_a(raised: str, name: str) -> bool:
    """Whether an exception is of a named class or of a subclass.

    Where a name is of no class that this process knows, the names themselves count; one
    without a module stands for any class that is called so.

    >>> is_a("json.decoder.JSONDecodeError", "ValueError")
    True
    >>> is_a("gone_module.Timeout", "gone_module.Timeout")
    True
    >>> is_a("gone_module.Timeout", "Timeout")
    True
    >>> is_a("gone_module.Timeout", "other_module.Timeout")
    False
    """
    raised_class, named_class = class_of(raised), class_of(name)
    if raised_class and named_class:
        return issubclass(raised_class, named_class)
    return name in (raised, raised.rpartition(".")[2])


def class_of(name: str) -> Optional[type]:
    """The class of a dotted name, None where this process has imported none.

    Nothing is imported for it: importing can do anything, and who raised the exception has
    done so already.

    >>> class_of("builtins.ValueError") is class_of("ValueError") is ValueError
    True
    >>> class_of("no.such.Error"), class_of("sys.path"), class_of("")
    (None, None, None)
    """
    module_name, _dot, class_name = name.rpartition(".")
    module = sys.modules.get(module_name) if module_name else builtins
    found = getattr(module, class_name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return None
