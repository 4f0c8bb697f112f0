"""Making many objects that all stay."""

import gc
from contextlib import contextmanager


@contextmanager
def garbage_pause():
    """Let Python not look for garbage meanwhile; a decorator too.

    Of a large register it makes a million objects that refer to each other in no circle.
    Looking through them again and again for such takes a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
