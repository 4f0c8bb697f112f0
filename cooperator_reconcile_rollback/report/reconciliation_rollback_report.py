from collections import Counter
from functools import lru_cache
from itertools import groupby
from subprocess import run

from odoo import _, api, fields, models
from odoo.tools.misc import format_date, format_datetime, formatLang

from odoo.addons.base.models.ir_actions_report import _get_wkhtmltopdf_bin

from ..ledger.numbering import moved
from .excerpt import excerpt, ranges

# What the pages about one rollback show of each list, and what their annex does.
ROWS = 12
ANNEX_ROWS = 500
RANGES = 20
# So many steps of one kind that follow each other have a row each.
STEPS_APART = 3
# Above the letterhead where no header needs the room, in millimetres.
LETTERHEAD_MARGIN = 12
JOB_LENGTH = 8
HASH_LENGTH = 12


@lru_cache(maxsize=1)
def draws_headers():
    """Whether wkhtmltopdf draws the headers and footers of Odoo's layouts.

    Only that of its makers does; that of Debian and others prints the text alone.
    """
    version = run(
        [_get_wkhtmltopdf_bin(), "--version"], capture_output=True, check=False
    )
    return b"with patched qt" in version.stdout


class ReconciliationRollbackReport(models.AbstractModel):
    """What the PDF of a rollback says; its template only draws it."""

    _name = "report.cooperator_reconcile_rollback.report_rollback"
    _description = "PDF of a reconciliation rollback"

    @api.model
    def _get_report_values(self, docids, data=None):
        rollbacks = self.env["reconciliation.rollback"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": rollbacks._name,
            "docs": [
                rollback.with_context(lang=self.env.lang or rollback.user_id.lang)
                for rollback in rollbacks
            ],
            "printout_of": lambda rollback: self.with_env(rollback.env)._get_printout(
                rollback
            ),
            "draws_headers": draws_headers(),
            "letterhead_margin": LETTERHEAD_MARGIN,
        }

    def _get_printout(self, rollback):
        """The values of the template, each list cut to what a page can show.

        Hook for modules that have more to say.
        """
        plan = rollback._get_plan() if rollback.plan else None
        changes = [c for c in plan.changes if c.before != c.after] if plan else []
        operations = rollback._get_operation_rows(plan) if plan else []
        return {
            "outcome": self._word_outcome(rollback),
            "label": rollback._get_label,
            "when": self._format_datetime,
            "timezone": self._get_timezone(),
            "now": self._format_datetime(fields.Datetime.now()),
            "amount": lambda amount: formatLang(
                self.env, amount, currency_obj=rollback.currency_id
            ),
            # sudo: users are for system administrators
            "made_users": rollback.sudo().made_user_ids,
            "warnings": excerpt((rollback.warnings or "").splitlines(), ROWS),
            "errors": excerpt((rollback.error or "").splitlines(), ROWS),
            "lines": excerpt(rollback.line_ids, ROWS),
            "plan": plan,
            "people": self._get_people(rollback, excerpt(changes, ROWS)),
            "unchanged": len(plan.changes) - len(changes) if plan else 0,
            "operations": self._get_operations(rollback, excerpt(operations, ROWS)),
            "staying": plan.later - len(plan.reapplied) if plan else 0,
            "numbers": self._get_numbers(plan) if plan else [],
            "steps": self._get_steps(rollback),
            "mails": excerpt(self._get_mails(rollback), ROWS),
            "mail_counts": self._get_mail_counts(rollback),
            "postponed": excerpt(rollback.postponed_ids, ROWS),
            "date": lambda date: format_date(self.env, date),
            "checks": self._get_checks(rollback),
            "has_hash": any(rollback.step_ids.mapped("hash")),
            "evidence_hash": rollback.evidence_hash,
            "annex": plan and self._get_annex(rollback, plan, changes, operations),
        }

    def _get_timezone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _format_datetime(self, value):
        """In the format of the language, which tells the seconds."""
        return format_datetime(
            self.env, value, tz=self._get_timezone(), dt_format=False
        )

    def _word_outcome(self, rollback):
        """What has become of the rollback, in one sentence."""
        if rollback.state == "failed" and rollback.revert_started_at:
            return _(
                "A step could not be undone: mail is still held and the register locked."
            )
        return {
            "draft": _("Draft: nothing has been planned or changed."),
            "planned": _("Planned and not started: nothing has been changed."),
            "running": _("Under way: mail is held and the register locked."),
            "done": _("Done: every step was carried out and the result verified."),
            "failed": _(
                "A step could not be done: mail is still held and the register locked. "
                "The steps before it were carried out."
            ),
            "reverting": _("Being undone: mail is held and the register locked."),
            "reverted": _(
                "Undone: what the steps had changed was put back, and checked to be as "
                "it was before."
            ),
            "cancelled": _("Cancelled before the start: nothing has been changed."),
        }[rollback.state]

    def _get_people(self, rollback, changes):
        """What people had and have, in words.

        :param changes: excerpt of the plan's changes
        """
        partners = self.env["res.partner"]
        rows = tuple(
            {
                "name": partners.browse(change.partner).display_name,
                "before": rollback._word_holding(change.before),
                "after": rollback._word_holding(change.after),
            }
            for change in changes.rows
        )
        return {"rows": rows, "more": changes.more}

    def _get_operations(self, rollback, operations):
        """Operations of the register, in words.

        :param operations: excerpt of operations with what happens to each
        """
        partners = self.env["res.partner"]
        rows = tuple(
            {
                "number": operation.number,
                "kind": rollback._word_kind(operation.kind),
                "people": " → ".join(
                    partners.browse(partner).display_name
                    for partner in operation.partners
                ),
                "shares": ", ".join(
                    "%s × %s"
                    % (shares.quantity, rollback._word_share_type(shares.share_type))
                    for shares in operation.shares
                ),
                "date": format_date(self.env, operation.date),
                "what": what,
            }
            for operation, what in operations.rows
        )
        return {"rows": rows, "more": operations.more}

    def _get_annex(self, rollback, plan, changes, operations):
        """All operations and people, where the page before shows only some.

        :return: ``None`` where it shows them all
        """
        again = _("is taken back and applied again")
        operations = operations + [
            (operation.numbered(moved(operation.number, plan.operation_shifts)), again)
            for operation in plan.reapplied
        ]
        if len(operations) <= ROWS and len(changes) <= ROWS:
            return None
        return {
            "operations": self._get_operations(
                rollback, excerpt(operations, ANNEX_ROWS)
            ),
            "people": len(changes) > ROWS
            and self._get_people(rollback, excerpt(changes, ANNEX_ROWS)),
        }

    def _get_numbers(self, plan):
        """Numbers before and after, as ``[(label, before, after), ...]``."""
        made = [
            moved(operation.number, plan.operation_shifts)
            for operation in plan.inserted
        ]
        given = [
            (partner, moved(number, plan.cooperator_shifts))
            for partner, number in plan.cooperator_numbers
        ]
        rows = [
            (
                _("Operation numbers"),
                self._word_numbers(operation.number for operation in plan.removed),
                self._word_numbers(made),
            ),
            (
                _("Next operation number"),
                plan.operations.before,
                plan.operations.after,
            ),
            (
                _("Cooperator numbers"),
                self._word_holders(plan.freed),
                self._word_holders(given),
            ),
            (
                _("Next cooperator number"),
                plan.cooperators.before,
                plan.cooperators.after,
            ),
            (
                _("Operation numbers that this leaves unused"),
                "–",
                self._word_numbers(plan.operation_gaps),
            ),
            (
                _("Cooperator numbers that this leaves unused"),
                "–",
                self._word_numbers(plan.cooperator_gaps),
            ),
        ]
        for label, shifts in (
            (_("Operation numbers that move"), plan.operation_shifts),
            (_("Cooperator numbers that move"), plan.cooperator_shifts),
        ):
            rows += [
                (
                    label,
                    self._word_range(shift.first, shift.last),
                    self._word_range(shift.first - shift.by, shift.last - shift.by),
                )
                for shift in shifts[:RANGES]
            ]
        return rows

    def _word_range(self, first, last):
        return ranges(range(first, last + 1))[0]

    def _word_numbers(self, numbers):
        return self._word_list(ranges(numbers))

    def _word_holders(self, numbers):
        """Cooperator numbers with who has them.

        :param numbers: partner's id and number, of each
        """
        partners = self.env["res.partner"]
        shown = excerpt(numbers, RANGES)
        words = [
            "%s (%s)" % (number, partners.browse(partner).display_name)
            for partner, number in shown.rows
        ]
        return self._word_list(words, shown.more)

    def _word_list(self, words, more=0):
        shown = excerpt(words, RANGES)
        more += shown.more
        text = ", ".join(shown.rows) or "–"
        return _("%(list)s and %(more)s more", list=text, more=more) if more else text

    def _get_steps(self, rollback):
        """Rows of the steps; the many that a cascade has make one for each kind."""
        steps = rollback.step_ids.sorted("sequence")
        uuids = steps.mapped("job_uuid") + steps.mapped("revert_job_uuid")
        # sudo: jobs are for job managers; of these only state and tries are shown
        jobs = self.env["queue.job"].sudo().search([("uuid", "in", uuids)])
        jobs = {job.uuid: job for job in jobs}
        rows = []
        # Odoo's own puts together what does not follow each other, too
        groups = groupby(  # pylint: disable=bad-builtin-groupby
            steps, key=lambda step: step.kind
        )
        for _kind, group in groups:
            same = list(group)
            apart = [[step] for step in same] if len(same) <= STEPS_APART else [same]
            rows += [self._get_step(together, jobs) for together in apart]
        return rows

    def _get_step(self, steps, jobs):
        """One row for steps of one kind that follow each other."""
        first, last = steps[0], steps[-1]
        labels = dict(first._fields["state"]._description_selection(self.env))
        states = Counter(labels[step.state] for step in steps)
        done = [step.done_at for step in steps if step.done_at]
        undone = [step.reverted_at for step in steps if step.reverted_at]
        started = [step.started_at for step in steps if step.started_at]
        row = {
            "place": first.place,
            "label": first._get_kind_label(),
            "state": labels[first.state],
            "started": self._format_datetime(min(started, default=False)),
            "done": self._format_datetime(max(done, default=False)),
            "undone": self._format_datetime(max(undone, default=False)),
            "jobs": [
                self._word_job(uuid, jobs)
                for uuid in (first.job_uuid, first.revert_job_uuid)
                if uuid
            ],
            "hashes": [
                kept[:HASH_LENGTH] for kept in (last.hash, first.revert_hash) if kept
            ],
        }
        if len(steps) > 1:
            row.update(
                place="%s–%s" % (first.place, last.place),
                state=", ".join("%s × %s" % (n, label) for label, n in states.items()),
                jobs=[_("%s jobs", len(steps))],
            )
        return row

    def _word_job(self, uuid, jobs):
        """A job's short name, its state, and its tries where it took several."""
        short = uuid[:JOB_LENGTH]
        job = jobs.get(uuid)
        if not job:
            return short
        state = dict(job._fields["state"]._description_selection(self.env))[job.state]
        if job.retry > 1:
            return _(
                "%(job)s, %(state)s, try %(number)s",
                job=short,
                state=state,
                number=job.retry,
            )
        return "%s, %s" % (short, state)

    def _get_mails(self, rollback):
        """The mails, those of the people concerned first."""
        return rollback.mail_ids.sorted(lambda mail: (not mail.partner_id, mail.id))

    def _get_mail_counts(self, rollback):
        """How many mails are in each state, as ``[(label, number), ...]``."""
        counts = Counter(rollback.mail_ids.mapped("state"))
        field = rollback.mail_ids._fields["state"]
        return [
            (label, counts[state])
            for state, label in field._description_selection(self.env)
            if counts[state]
        ]

    def _get_checks(self, rollback):
        """What was verified, as ``[(sentence, whether it is right), ...]``."""
        step = rollback.step_ids.filtered(lambda s: s.kind == "verify" and s.after)
        if not step:
            return []
        labels = step._get_kind()._get_check_labels()
        checks = step._get_after()["checks"]
        return [(labels.get(name, name), right) for name, right in checks.items()]
