"""Match exceptions by name: a failed job stores no more than that.

>>> is_one_of("builtins.FileNotFoundError", names_in("ValueError\\nOSError"))
True
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from typing import Optional


def names_in(text: Optional[str]) -> list[str]:
    """List the names in a text that has one on each line.

    >>> names_in(" odoo.exceptions.UserError\\n\\nValueError ")
    ['odoo.exceptions.UserError', 'ValueError']
    >>> names_in(None)
    []
    """
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def is_one_of(raised: str, names: Iterable[str]) -> bool:
    """Tell whether an exception is of one of the named classes, or of a subclass of one.

    >>> is_one_of("builtins.FileNotFoundError", ["ValueError", "OSError"])
    True
    >>> is_one_of("builtins.OSError", ["FileNotFoundError"])
    False
    """
    return any(is_a(raised, name) for name in names)


def is_a(raised: str, name: str) -> bool:
    """Tell whether an exception is of a named class or of a subclass.

    Compare the names themselves where this process knows no class of that name. A name
    without a module then matches a class of any module.

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
    """Find the exception class of a dotted name, None where this process has none.

    Import nothing: an import can run any code, and the process that raised the exception
    has imported its class already.

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
