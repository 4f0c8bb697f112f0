from odoo import _
from odoo.exceptions import UserError

from ..books.renumbering import NUMBERED, load_numbers
from ..ledger.numbering import unused
from ..services.plan_rows import PlanRows


class Fix:
    """One way to fix a finding.

    :param company: ``res.company``; what the fix writes, it writes with this environment
    :param finding: :class:`~..ledger.finding.Finding`
    """

    #: by what the fix is known
    code = None
    #: kinds of findings that it fixes
    kinds = ()
    #: whether somebody has to say why
    needs_reason = False
    #: code of the sequence whose number is chosen; ``None`` without a number
    sequence = None
    #: whether it is a rollback, which is its own evidence
    is_rollback = False

    def __init__(self, company, finding):
        self.env = company.env
        self.company = company
        self.finding = finding
        self.words = PlanRows(self.env)

    def is_possible(self):
        """Whether it can fix this finding."""
        return True

    def is_likely(self):
        """Whether it can probably fix this finding, without asking the database.

        For lists of findings, where :meth:`is_possible` would take too long.
        """
        return True

    def get_label(self):
        """Get the few words for its button."""
        raise NotImplementedError

    def get_options(self):
        """Get what can be chosen, as pairs of a value and its words.

        Nothing can be where what was found is gone.
        """
        return [("", self.get_label())]

    def describe(self, option, number=0):
        """Say in one sentence what it does.

        :param option: a value of :meth:`get_options`
        :param number: the number chosen
        """
        raise NotImplementedError

    def get_snapshot(self, option):
        """Read what it changes, as JSON values that a person can read."""
        raise NotImplementedError

    def apply(self, option, number=0):
        """Do it. See :meth:`describe`."""
        raise NotImplementedError

    # Numbers

    def get_next_number(self):
        """Get the number that comes after all others."""
        numbers = load_numbers(self.company, self.sequence)
        following = self.company._get_next_numbers()[self.sequence]
        return max(following, max(numbers, default=0) + 1)

    def get_unused_numbers(self):
        """Get the numbers that are missing in between."""
        return unused(load_numbers(self.company, self.sequence))

    def check_number(self, number):
        """:raises UserError: the number is neither the next nor an unused one"""
        following = self.get_next_number()
        if number != following and number not in self.get_unused_numbers():
            raise UserError(
                _(
                    "Number %(number)s cannot be given: choose %(next)s, the next one, or "
                    "an unused one below it.",
                    number=number,
                    next=following,
                )
            )

    def move_sequence(self, number):
        """Let the sequence go on after a number that it was to give next."""
        if self.company._get_next_numbers()[self.sequence] == number:
            self.company._set_next_number(self.sequence, number + 1)

    def read_sequence(self):
        """Read the number that the sequence gives next."""
        return {"next number": self.company._get_next_numbers()[self.sequence]}

    def get_numbered_model(self):
        """Get the model that the sequence gives numbers to, and the field's name."""
        model, name = NUMBERED[self.sequence]
        return self.env[model], name

    # Words

    def get_operation_words(self, operation):
        """Get an operation in a few words.

        :param operation: :class:`~..ledger.operation.Operation`
        """
        return _(
            "%(kind)s of %(person)s, %(shares)s",
            kind=self.words.kind(operation.kind),
            person=self.words.person(operation.partner),
            shares=", ".join(map(self.words.shares, operation.shares)),
        )
