"""The refusal of a retry pattern that ``queue_job`` could not keep."""

from odoo import _
from odoo.exceptions import ValidationError

from .pattern import (
    LONGEST_WAIT,
    AbsurdWaitError,
    NotAPatternError,
    parse_pattern,
    read_pattern,
)

# a refusal shows so much of a pattern
SHOWN_LENGTH = 80


class PatternCheck:
    """Reads the retry pattern that somebody gives a channel or a job function.

    :param env: environment of that person
    :param name: name of the channel or of the job function
    """

    def __init__(self, env, name):
        self.env = env
        self.name = name

    def parse(self, pattern):
        """Parse a pattern, empty for an empty one.

        :param pattern: its text, or the dictionary itself
        :return: ``{retry: seconds}`` or ``{retry: (seconds, seconds)}``
        :raises ValidationError: it is none, or has an impossible wait
        """
        if not pattern:
            return {}
        parse = parse_pattern if isinstance(pattern, str) else read_pattern
        try:
            return parse(pattern)
        except NotAPatternError as error:
            raise ValidationError(self._describe_form(pattern)) from error
        except AbsurdWaitError as error:
            raise ValidationError(self._describe_limits(pattern)) from error

    def _describe_form(self, pattern):
        return _(
            "The retry pattern %(pattern)s of %(name)s is not of the form %(example)s.",
            pattern=str(pattern)[:SHOWN_LENGTH],
            name=self.name,
            example="{1: 10, 5: (11, 20)}",
        )

    def _describe_limits(self, pattern):
        return _(
            "The retry pattern %(pattern)s of %(name)s has an impossible wait: use 0 to "
            "%(longest)s seconds, and the shorter one first where there are two.",
            pattern=str(pattern)[:SHOWN_LENGTH],
            name=self.name,
            longest=LONGEST_WAIT,
        )
