"""Jobs that wait while no job at all is run."""

from datetime import timedelta

from odoo import _, fields
from odoo.tools import format_date

from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED

from . import run_lock
from .queue_job_internals import (
    find_scheduled_runners,
    get_runner_lock,
    revives_jobs,
)

PATIENCE_PARAMETER = "queue_job_config.waiting_patience"
PATIENCE = 120  # seconds
LONGEST_PATIENCE = timedelta(days=365)


class WaitingJobs:
    """Some of the jobs, which may have waited too long.

    :param env: environment of the user, who sees only some of the jobs
    :param domain: domain of ``queue.job``
    """

    def __init__(self, env, domain):
        self.env = env
        self.jobs = env["queue.job"]
        self.domain = domain

    def get_problem(self):
        """Say what keeps the jobs from being run.

        :return: text for people, with line breaks; False where jobs are run, or none waits
        """
        overdue_since = fields.Datetime.now() - self._get_patience()
        overdue = [
            *self.domain,
            ("state", "in", (PENDING, ENQUEUED)),
            ("due_since", "<=", overdue_since),
        ]
        oldest = self.jobs.search(overdue, order="due_since", limit=1)
        if not oldest:
            return False
        last_work = self._get_last_work() or oldest.due_since
        if last_work > overdue_since or self._is_one_running():
            return False
        since = max(oldest.due_since, last_work)
        number = self.jobs.search_count(overdue)
        return "%s\n%s" % (self._describe(number, since), self._get_advice())

    def _get_patience(self):
        """How long a job may wait for a worker before that is a problem."""
        # sudo: only administrators may read parameters
        parameters = self.env["ir.config_parameter"].sudo()
        seconds = parameters.get_param(PATIENCE_PARAMETER, PATIENCE)
        try:
            patience = timedelta(seconds=int(seconds))
        except (OverflowError, ValueError):
            patience = None
        if patience is None or not timedelta(0) <= patience <= LONGEST_PATIENCE:
            # the list of jobs must open whatever somebody has written there
            return timedelta(seconds=PATIENCE)
        return patience

    def _get_last_work(self):
        """When a job was last started or done, None where none ever was."""
        names = ("date_started", "date_done")
        # sudo: the same runner runs the jobs that the user may not see
        (last,) = self.jobs.sudo().read_group(
            [], ["%s:max" % name for name in names], []
        )
        moments = [fields.Datetime.to_datetime(last[name]) for name in names]
        return max(filter(None, moments), default=None)

    def _is_one_running(self):
        """Whether a job is run at the moment, as far as the locks tell."""
        # sudo: the same runner runs the jobs that the user may not see
        started = self.jobs.sudo().search([("state", "=", STARTED)])
        if not started:
            return False
        if revives_jobs():
            # a living runner requeues started jobs that are not run
            key = get_runner_lock()
            return key is None or run_lock.is_key_held(self.env.cr, key)
        locked = started.filtered("has_run_lock")
        return locked != started or run_lock.are_held(self.env.cr, locked.ids)

    def _describe(self, number, since):
        moment = fields.Datetime.context_timestamp(self.jobs, since)
        today = fields.Datetime.context_timestamp(self.jobs, fields.Datetime.now())
        time = moment.strftime("%H:%M")
        if moment.date() != today.date():
            time = "%s %s" % (format_date(self.env, moment.date()), time)
        if number == 1:
            return _(
                "A job has been waiting since %(time)s, and no job was started since: "
                "nobody runs them.",
                time=time,
            )
        return _(
            "%(number)s jobs have been waiting since %(time)s, and none was started "
            "since: nobody runs them.",
            number=number,
            time=time,
        )

    def _get_advice(self):
        """Say how to have jobs run."""
        # sudo: only administrators may read scheduled actions
        actions = find_scheduled_runners(self.env["ir.cron"].sudo())
        if actions:
            return _(
                "The scheduled action %(action)s runs them: look under Settings > Technical "
                "> Scheduled Actions whether it is active, and in Odoo's configuration "
                "file whether max_cron_threads is more than 0.",
                action=actions[0].name,
            )
        return _(
            "Write %(modules)s into Odoo's configuration file, below it a section "
            "%(section)s with %(channels)s, and restart Odoo. Where that is there already, "
            "Odoo's log says under queue_job.jobrunner what is wrong.",
            modules="server_wide_modules = base,web,queue_job",
            section="[queue_job]",
            channels="channels = root:2",
        )
