from collections import Counter
from functools import lru_cache
from itertools import groupby
from subprocess import run

from odoo import _, api, fields, models
from odoo.tools.misc import format_date, format_datetime, formatLang

from odoo.addons.base.models.ir_actions_report import _get_wkhtmltopdf_bin

from ..services.chain_head import word_head
from ..services.change_report import report_changes
from ..services.effect_words import EffectWords
from ..services.number_words import NumberWords
from ..services.start_conditions import StartConditions
from ..tools.excerpt import Excerpt
from .printed_sentences import PrintedSentences

# How many rows of each list the pages show, and how many their annex does.
ROWS = 12
ANNEX_ROWS = 500
# Up to so many steps of one kind that follow each other have a row each.
STEPS_APART = 3
# Above the letterhead where no header needs the room, in millimetres.
LETTERHEAD_MARGIN = 12
JOB_LENGTH = 8
HASH_LENGTH = 12


@lru_cache(maxsize=1)
def draws_headers():
    """Return whether wkhtmltopdf draws the headers and footers of Odoo's layouts.

    The makers' own build does; the builds of Debian and others print the text alone.
    """
    version = run(
        [_get_wkhtmltopdf_bin(), "--version"], capture_output=True, check=False
    )
    return b"with patched qt" in version.stdout


class ReconciliationRollbackReport(models.AbstractModel):
    """Values of the PDF of a rollback; its template only draws them."""

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
        """Return the values of the template, each list cut to what a page can show.

        Hook for modules that have more to say.
        """
        changes = report_changes(rollback, ANNEX_ROWS, reapplied=ANNEX_ROWS)[rollback]
        now = self._format_datetime(fields.Datetime.now())
        sentences = PrintedSentences(rollback)
        return {
            "changes": changes,
            "say": sentences,
            "outcome": self._word_outcome(rollback),
            "printed": sentences.printed(now, self._get_timezone()),
            "head": word_head(rollback.company_id, self.env, self._get_timezone()),
            "label": rollback._get_label,
            "when": self._format_datetime,
            "amount": lambda amount: formatLang(
                self.env, amount, currency_obj=rollback.currency_id
            ),
            "matches": changes.matches.first(ROWS),
            "accounting": changes.accounting.first(ROWS),
            "people": changes.people.first(ROWS),
            "operations": changes.operations.first(ROWS),
            "mails": changes.mails.first(ROWS),
            "annex": self._get_annex(changes),
            "numbers": sentences.numbers(changes),
            "number_words": NumberWords(rollback).sentences(),
            "effect_words": EffectWords(rollback).sentences(),
            "decision": StartConditions(rollback).word_decision(),
            "second_person": StartConditions(rollback).word_second_person(),
            # sudo: users are for system administrators
            "made_users": rollback.sudo().made_user_ids,
            "warnings": Excerpt.of((rollback.warnings or "").splitlines(), ROWS),
            "errors": Excerpt.of((rollback.error or "").splitlines(), ROWS),
            "postponed": Excerpt.of(rollback.postponed_ids, ROWS),
            "date": lambda date: format_date(self.env, date),
            "steps": self._get_steps(rollback),
            "checks": self._get_checks(rollback),
            "has_hash": any(rollback.step_ids.mapped("hash")),
            "evidence_hash": rollback.evidence_hash,
        }

    def _get_timezone(self):
        return self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _format_datetime(self, value):
        """Format a moment as the language does, with its seconds."""
        return format_datetime(
            self.env, value, tz=self._get_timezone(), dt_format=False
        )

    def _word_outcome(self, rollback):
        """Return what has become of the rollback, in one sentence."""
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

    def _get_annex(self, changes):
        """Return all operations and people, where the pages show only some.

        :param changes: :class:`~..services.change_rows.ChangeReport`
        :return: excerpts by name; empty where the pages show them all
        """
        operations = changes.operations + changes.reapplied
        if operations.total <= ROWS and changes.people.total <= ROWS:
            return {}
        annex = {"operations": operations.first(ANNEX_ROWS)}
        if changes.people.total > ROWS:
            annex["people"] = changes.people
        return annex

    def _get_steps(self, rollback):
        """Return the rows of the steps; the many of a cascade make one for each kind."""
        steps = rollback.step_ids.sorted("sequence")
        uuids = steps.mapped("job_uuid") + steps.mapped("revert_job_uuid")
        # sudo: jobs are for job managers; of these only state and tries are shown
        jobs = self.env["queue.job"].sudo().search([("uuid", "in", uuids)])
        jobs = {job.uuid: job for job in jobs}
        labels = {
            name: dict(steps._fields[name]._description_selection(self.env))
            for name in ("kind", "state")
        }
        rows = []
        # Odoo's own groups steps that do not follow each other, too
        groups = groupby(  # pylint: disable=bad-builtin-groupby
            steps, key=lambda step: step.kind
        )
        for _kind, group in groups:
            same = list(group)
            apart = [[step] for step in same] if len(same) <= STEPS_APART else [same]
            rows += [self._get_step(together, jobs, labels) for together in apart]
        return rows

    def _get_step(self, steps, jobs, labels):
        """Return one row for steps of one kind that follow each other.

        :param jobs: job by UUID
        :param labels: labels by value of the fields ``kind`` and ``state``
        """
        first, last = steps[0], steps[-1]
        states = Counter(labels["state"][step.state] for step in steps)
        done = [step.done_at for step in steps if step.done_at]
        undone = [step.reverted_at for step in steps if step.reverted_at]
        started = [step.started_at for step in steps if step.started_at]
        row = {
            "place": first.place,
            "label": labels["kind"].get(first.kind, first.kind),
            "state": labels["state"][first.state],
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
        """Return a job's short name, its state, and its tries where it took several."""
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

    def _get_checks(self, rollback):
        """Return what was verified, as ``[(sentence, whether it is right), ...]``."""
        step = rollback.step_ids.filtered(lambda s: s.kind == "verify" and s.after)
        if not step:
            return []
        labels = step._get_kind()._get_check_labels()
        checks = step._get_after()["checks"]
        return [(labels.get(name, name), right) for name, right in checks.items()]
