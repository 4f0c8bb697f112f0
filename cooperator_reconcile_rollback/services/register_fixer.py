from odoo import _
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..ledger import finding as kinds
from ..ledger.stored_json import FIX, dump
from ..tools.row_lock import lock_row
from .commit_guard import CommitGuard


class RegisterFixer:
    """Applies a fix to a finding, if it still stands, and keeps what was done.

    :param check: ``cooperator.register.check``, a single one
    :param content: the finding as somebody saw it, as text
    :param code: which fix, see :data:`..fixes.FIXES`
    """

    def __init__(self, check, content, code):
        check.ensure_one()
        # sudo: the register as a whole is looked at, and what a fix writes is its own, not
        # a default of whoever applies it; the caller has checked who that is
        self.env = check.env(su=True, context=clean_context(check.env.context))
        self.check = check.with_env(self.env)
        self.company = self.check.company_id.with_company(check.company_id)
        self.content = content
        self.finding = kinds.from_json(content)
        self.fix = self.env["cooperator.register.finding"]._get_fix(
            self.company, self.finding, code
        )

    def apply(self, option, number, reason):
        """Apply the fix.

        :param option: a value of the fix's options
        :param number: the number chosen, where the fix needs one
        :param reason: why
        :return: ``cooperator.register.fix``
        :raises UserError: a rollback holds the register, the finding is gone or has
            changed, something is missing, or the fix would make something else wrong
        """
        with CommitGuard(self.env, self.fix.get_label()).whole():
            return self._apply(option, number, reason)

    def _apply(self, option, number, reason):
        self._take_register()
        found = {finding.key: finding for finding in self.company._check_register()}
        self._check_stands(found)
        self._check_choice(option, number, reason)
        found_words = self._describe(self.finding)
        choice = self.fix.describe(option, number)
        before = self.fix.get_snapshot(option)
        self.company._remember_register()
        self.fix.apply(option, number)
        fix = self.env["cooperator.register.fix"]._record(
            self.company,
            {
                "kind": self.finding.kind,
                "finding": found_words,
                "content": self.content,
                "choice": choice,
                "reason": reason,
                "before": dump(FIX, before, indent=1),
                "after": dump(FIX, self.fix.get_snapshot(option), indent=1),
            },
        )
        self.company._remember_register(fix)
        left = self.company._check_register()
        self._check_better(found, left)
        self.check._keep(left)
        return fix

    def _take_register(self):
        """Keep rollbacks and other fixes from the register until the transaction ends.

        :raises UserError: a rollback holds it, or what this transaction sees of it is
            older than what it has waited for
        """
        self.company._check_register_open()
        lock_row(self.check)
        lock = self.env["cooperator.register.lock"]
        lock._change(self.company)
        if lock._has_unseen_operations(self.company):
            raise UserError(
                _(
                    "An operation of %s was registered at this moment: press Apply again.",
                    self.company.name,
                )
            )

    def _check_stands(self, found):
        """:raises UserError: the finding is gone, or is another one today"""
        if self.finding.key not in found:
            raise UserError(
                _(
                    "Press Check now, this is not so any more: %s",
                    self._describe(self.finding),
                )
            )
        today = found[self.finding.key]
        if kinds.to_json(today) != self.content:
            raise UserError(
                _(
                    "Press Check now, this has changed: %s",
                    self._describe(today),
                )
            )

    def _check_choice(self, option, number, reason):
        """:raises UserError: what was chosen cannot be, or no reason is given"""
        if option not in dict(self.fix.get_options()):
            raise UserError(
                _("Choose one of the possibilities: %s.", self.fix.get_label())
            )
        if self.fix.needs_reason and not (reason or "").strip():
            raise UserError(
                _(
                    "Give a reason for “%s”: it is kept with the fix.",
                    self.fix.get_label(),
                )
            )
        if self.fix.sequence:
            self.fix.check_number(number)

    def _check_better(self, found, left):
        """:raises UserError: the finding still stands, or there is a new error"""
        for finding in left:
            if finding.key == self.finding.key and finding == self.finding:
                raise UserError(
                    _(
                        "Choose another possibility, this would still be so: %s",
                        self._describe(finding),
                    )
                )
            if finding.severity == kinds.ERROR and finding.key not in found:
                raise UserError(
                    _(
                        "Choose another possibility, since this would be wrong then: %s",
                        self._describe(finding),
                    )
                )

    def _describe(self, finding):
        return self.env["cooperator.register.finding"]._describe(finding)
