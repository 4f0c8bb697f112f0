"""What a rollback changes of totals and of past years: found at the plan, and kept."""

from dataclasses import asdict
from datetime import timedelta

from odoo import _, fields
from odoo.tools.misc import format_date, formatLang

from ..ledger.effects import find_effects, read_effect
from ..ledger.stored_json import EFFECTS, dump, load


def keep_effects(rollback, plan, register):
    """Find what a plan changes of totals and of past years.

    :param rollback: ``reconciliation.rollback``
    :param plan: its :class:`~..ledger.plan.Plan`
    :param register: :class:`~..ledger.plan.Register` as it is today
    :return: JSON text; :class:`EffectWords` reads it
    """
    today = fields.Date.context_today(rollback)
    operations = [*plan.removed, *plan.inserted]
    first = min((one.date for one in operations if one.date), default=today)
    days = [*_get_year_ends(rollback.company_id, first, today), today]
    effects = find_effects(register.operations, plan.removed, plan.inserted, days)
    members = sum(
        bool(change.after.member) - bool(change.before.member)
        for change in plan.changes
    )
    return dump(
        EFFECTS, {"effects": [asdict(one) for one in effects], "new members": members}
    )


def _get_year_ends(company, first, today):
    """The ends of the financial years from a day on that are past."""
    ends, day = [], first
    while True:
        end = company.compute_fiscalyear_dates(day)["date_to"]
        if end >= today:
            return ends
        ends.append(end)
        day = end + timedelta(days=1)


class EffectWords:
    """Words in the language of an environment.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        self.rollback = rollback
        self.env = rollback.env

    def sentences(self):
        """Say what changes of totals and of past years; nothing without a plan."""
        if not self.rollback.effects:
            return []
        kept = load(EFFECTS, self.rollback.effects)
        *years, today = map(read_effect, kept["effects"])
        return [
            _(
                "Shares issued: %(before)s before, %(after)s after. Members: %(members)s.",
                before=self._word(today, "before"),
                after=self._word(today, "after"),
                members=self._word_members(kept["new members"]),
            ),
            *map(self._year, years),
        ]

    def short(self):
        """Say in a few words which past years it changes."""
        if not self.rollback.effects:
            return ""
        kept = load(EFFECTS, self.rollback.effects)
        *years, _today = map(read_effect, kept["effects"])
        changed = [year for year in years if not year.is_none]
        days = ", ".join(format_date(self.env, year.day) for year in changed)
        return days or _("none")

    def _word_members(self, number):
        return _("as many as before") if not number else "%+d" % number

    def _year(self, year):
        values = {
            "day": format_date(self.env, year.day),
            "before": self._word(year, "before"),
            "after": self._word(year, "after"),
        }
        if year.is_none:
            return _("On %(day)s: %(before)s, before and after. No effect.", **values)
        return _(
            "On %(day)s: %(before)s before, %(after)s after. Where the accounts of that "
            "year are approved, tell the auditor.",
            **values,
        )

    def _word(self, effect, when):
        amount = formatLang(
            self.env,
            getattr(effect, "amount_" + when),
            currency_obj=self.rollback.currency_id,
        )
        return _(
            "%(shares)s shares, %(amount)s",
            shares=getattr(effect, "shares_" + when),
            amount=amount,
        )
