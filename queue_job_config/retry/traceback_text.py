"""What a traceback says of its exception, for runners that store nothing else of it.

``queue_job``'s own runner stores the exception's name and message beside the traceback;
others, such as ``queue_job_cron_jobrunner``, store the traceback alone. Policies go by the
name, and people read the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import dropwhile
from typing import Any, NamedTuple, Optional

HEADER = "Traceback (most recent call last):"
# between the tracebacks of exceptions that led to each other, see traceback.print_exc
LED_TO = re.compile(
    r"\n\n(?:The above exception was the direct cause of the following exception"
    r"|During handling of the above exception, another exception occurred):\n\n"
    rf"(?={re.escape(HEADER)}\n)"
)
RAISED = re.compile(r"([A-Za-z_][\w.<>]*)(?:: (.*))?", re.DOTALL)


class Raised(NamedTuple):
    """An exception: its name as Python writes it, and its message."""

    name: str
    message: str


def read_traceback(text: str) -> Optional[Raised]:
    """Read which exception a traceback tells of, the last one where several led to it.

    >>> text = '''Traceback (most recent call last):
    ...   File "job.py", line 1, in perform
    ...     self.result = self.func()
    ... odoo.exceptions.UserError: INV/1 is not posted.
    ...
    ... Post it first.
    ... '''
    >>> read_traceback(text)
    Raised(name='odoo.exceptions.UserError', message='INV/1 is not posted.\\n\\nPost it first.')
    >>> read_traceback("Traceback (most recent call last):\\n  x\\nValueError\\n")
    Raised(name='ValueError', message='')
    >>> read_traceback("killed") is None
    True
    """
    last = LED_TO.split(text)[-1]
    _before, header, frames = last.partition(HEADER + "\n")
    lines = dropwhile(lambda line: line.startswith(" "), frames.split("\n"))
    raised = header and RAISED.fullmatch(without_end("\n".join(lines)))
    return Raised(raised[1], raised[2] or "") if raised else None


def without_end(text: str) -> str:
    """Leave out the end of the last line.

    >>> without_end("one\\n\\n")
    'one\\n'
    """
    return text[:-1] if text.endswith("\n") else text


def get_missing_names(vals: Mapping[str, Any]) -> dict[str, str]:
    """What to store beside a failure that has a traceback and no name.

    >>> text = "Traceback (most recent call last):\\n  x\\nKeyError: 'x'"
    >>> get_missing_names({"state": "failed", "exc_info": text})
    {'exc_name': 'KeyError', 'exc_message': "'x'"}
    >>> get_missing_names({"exc_info": text, "exc_name": "builtins.KeyError"})
    {}

    :param vals: the values that are written on a job
    """
    raised = None
    if not vals.get("exc_name"):
        raised = read_traceback(vals.get("exc_info") or "")
    if not raised:
        return {}
    message = vals.get("exc_message") or raised.message
    return {"exc_name": raised.name, "exc_message": message}
