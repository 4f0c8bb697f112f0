"""What a plan holds, in words: holdings, problems, warnings, numbers."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger.plan import DEPENDENT as DEPENDENT_PROBLEM
from ..tools.excerpt import Excerpt, excerpt, ranges
from .change_rows import DEPENDENT, MADE, REAPPLIED, REMOVED

# So many numbers or ranges of numbers are listed, then how many more there are.
RANGES = 20
NONE = "–"


class Wording:
    """Words in the language of an environment.

    People and share types are read once, all that :meth:`load` is told of together.
    """

    def __init__(self, env):
        self.env = env
        self._people = {}
        self._share_types = {}
        self._kinds = None

    def load(self, people, share_types):
        """Read names with a number of queries that does not grow.

        :param people: ids of partners
        :param share_types: ids of products
        """
        for partner in self.env["res.partner"].browse(sorted(people)):
            self._people[partner.id] = partner.display_name
        for product in self.env["product.product"].browse(sorted(share_types)):
            self._share_types[product.id] = product.short_name or product.name

    def person(self, partner):
        """Return a person's name.

        :param partner: a partner's id
        """
        if partner not in self._people:
            self.load([partner], ())
        return self._people[partner]

    def share_type(self, product):
        """Return a share type's name.

        :param product: a product's id
        """
        if product not in self._share_types:
            self.load((), [product])
        return self._share_types[product]

    def kind(self, kind):
        """Return the label of ``subscription.register.type``."""
        if self._kinds is None:
            field = self.env["subscription.register"]._fields["type"]
            self._kinds = dict(field._description_selection(self.env))
        return self._kinds.get(kind, kind)

    def shares(self, shares):
        """Return quantity and share type of :class:`~..ledger.operation.Shares`.

        A share line of a holding will do as well.
        """
        return "%s × %s" % (shares.quantity, self.share_type(shares.share_type))

    def day(self, date):
        """Return a date as the language writes it."""
        return format_date(self.env, date)

    def holding(self, holding):
        """Return membership, cooperator number and share lines of a holding.

        :param holding: :class:`~..ledger.holding.Holding`
        """
        shares = ", ".join(
            "%s (%s)" % (self.shares(line), self.day(line.date))
            for line in holding.lines
        )
        standing = _("no member")
        if holding.member:
            standing = _("member %s", holding.number)
        elif holding.old_member:
            standing = _("old member %s", holding.number)
        return "%s; %s" % (standing, shares or _("no shares"))

    def problem(self, problem):
        """Return a blocker of a plan as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        """
        if problem.kind == DEPENDENT_PROBLEM:
            operation = problem.operation
            return _(
                "Operation %(number)s of %(partner)s, %(quantity)s shares on %(date)s, "
                "cannot stand without the operation to be removed: choose under Later "
                "operations to roll it back too.",
                number=operation.number,
                partner=self.person(operation.partner),
                quantity=operation.quantity,
                date=self.day(operation.date),
            )
        return _(
            '%(partner)s is not what the register gives: "%(actual)s" by the share lines '
            'and the membership, "%(expected)s" by the register. Put this right first, or '
            "have a cooperator manager override it.",
            partner=self.person(problem.partner),
            actual=self.holding(problem.actual),
            expected=self.holding(problem.expected),
        )

    def override(self, problem):
        """Return a difference that a manager has overridden, as a sentence.

        :param problem: :class:`~..ledger.plan.Problem`
        """
        return _(
            '%(partner)s is brought to what the register gives: "%(actual)s" by the share '
            'lines and the membership becomes "%(expected)s".',
            partner=self.person(problem.partner),
            actual=self.holding(problem.actual),
            expected=self.holding(problem.expected),
        )

    def warnings(self, rollback, plan):
        """Return what a person should know before the start, in sentences.

        :param plan: the rollback's :class:`~..ledger.plan.Plan`
        """
        return [
            *map(self.override, plan.warnings),
            *map(self._dependent, plan.dependents),
            *self._gaps(plan),
            *self._open_requests(rollback, plan),
            *self._active_users(rollback),
        ]

    def _dependent(self, operation):
        return _(
            "Operation %(number)s (%(kind)s) of %(partner)s is removed too: "
            "what was paid for it has to be settled with %(partner)s.",
            number=operation.number,
            kind=self.kind(operation.kind),
            partner=self.person(operation.partner),
        )

    def _gaps(self, plan):
        sentences = []
        if plan.operation_gaps:
            numbers = ", ".join(map(str, plan.operation_gaps))
            sentences.append(
                _("Unused operation numbers remain in the register: %s.", numbers)
            )
        if plan.cooperator_gaps:
            numbers = ", ".join(map(str, plan.cooperator_gaps))
            sentences.append(_("Unused cooperator numbers remain: %s.", numbers))
        return sentences

    def _open_requests(self, rollback, plan):
        sentences = []
        paid = {operation.request for operation in plan.inserted}
        for request in rollback.line_ids.right_move_id:
            if request.id not in paid:
                sentence = _(
                    "%(request)s of %(partner)s stays open in part: no operation.",
                    request=request.display_name,
                    partner=self.person(request.partner_id.id),
                )
                sentences.append(sentence)
        return sentences

    def _active_users(self, rollback):
        sentences = []
        # sudo: users are for system administrators
        for user in rollback.sudo().made_user_ids.filtered("login_date"):
            sentence = _(
                "The user %(login)s of %(partner)s has logged in already: it stays "
                "active, decide on it yourself.",
                login=user.login,
                partner=user.partner_id.name,
            )
            sentences.append(sentence)
        return sentences

    def fates(self):
        """Return what happens to an operation, in words by code."""
        return {
            REMOVED: _("is removed: the payment was not for it"),
            DEPENDENT: _("is removed: it cannot stand without the wrong operation"),
            MADE: _("is made"),
            REAPPLIED: _("is taken back and applied again"),
        }

    def later_operations(self, plan):
        """Return what happens to later operations and their numbers, in sentences.

        :param plan: :class:`~..ledger.plan.Plan`
        """
        sentences = []
        staying = plan.later - len(plan.reapplied)
        if staying:
            sentences.append(self.staying(staying))
        if plan.reapplied:
            sentence = _(
                "Later operations that are taken back, newest first, and applied "
                "again in their order, with the same payments, dates and shares: %s.",
                len(plan.reapplied),
            )
            sentences.append(sentence)
        for shift in plan.operation_shifts:
            sentence = _(
                "Operations %(first)s to %(last)s become %(new_first)s to "
                "%(new_last)s.",
                **self._shifted(shift),
            )
            sentences.append(sentence)
        for shift in plan.cooperator_shifts:
            sentence = _(
                "Cooperators %(first)s to %(last)s become %(new_first)s to "
                "%(new_last)s.",
                **self._shifted(shift),
            )
            sentences.append(sentence)
        return sentences

    def staying(self, number):
        """Return how many later operations stay as they are, as a sentence."""
        return _(
            "Later operations that stay as they are, since each of them stands "
            "without the wrong one: %s.",
            number,
        )

    def _shifted(self, shift):
        return {
            "first": shift.first,
            "last": shift.last,
            "new_first": shift.first - shift.by,
            "new_last": shift.last - shift.by,
        }

    def number_range(self, first, last):
        """Return a range of numbers."""
        return ranges(range(first, last + 1))[0]

    def numbers(self, numbers):
        """Return a list of numbers, cut where it gets long."""
        return self._list(excerpt(ranges(numbers), RANGES))

    def holders(self, numbers):
        """Return cooperator numbers with their holders.

        :param numbers: excerpt of partner's id and number
        """
        words = tuple(
            "%s (%s)" % (number, self.person(partner))
            for partner, number in numbers.rows
        )
        return self._list(Excerpt(words, numbers.total))

    def _list(self, words):
        text = ", ".join(words.rows) or NONE
        if words.more:
            return _("%(list)s and %(more)s more", list=text, more=words.more)
        return text
