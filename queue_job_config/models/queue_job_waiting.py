from datetime import timedelta

from odoo import _, api, fields, models
from odoo.tools import format_date

from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES

from .. import run_lock, series

PATIENCE_PARAMETER = "queue_job_config.waiting_patience"
PATIENCE = 120  # seconds


class QueueJob(models.Model):
    """Notices jobs that nobody runs, and says so where people look."""

    _inherit = "queue.job"

    due_since = fields.Datetime(
        readonly=True,
        copy=False,
        index=True,
        help="Since when the job could have been run, as far as it is up to itself.",
    )
    waiting_problem = fields.Text(compute="_compute_waiting_problem")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, **self._prepare_due_since(vals)} for vals in vals_list]
        )

    def write(self, vals):
        if vals.get("state") in (PENDING, WAIT_DEPENDENCIES) or vals.get("eta"):
            vals = {**vals, **self._prepare_due_since(vals)}
        return super().write(vals)

    @api.model
    def _prepare_due_since(self, vals):
        now = fields.Datetime.now()
        eta = fields.Datetime.to_datetime(vals.get("eta") or now)
        return {"due_since": max(now, eta)}

    @api.depends("state", "due_since")
    def _compute_waiting_problem(self):
        for job in self:
            job.waiting_problem = job._get_waiting_problem()

    @api.model
    def _get_runner_problem(self):
        """What keeps jobs from being run, of all jobs that the user may see.

        :return: text for people, with line breaks; False where jobs are run
        """
        return self._get_problem_of([])

    def _get_waiting_problem(self):
        """What keeps these jobs from being run.

        Only says something where no job at all is run. Reading jobs takes the rights for
        that: call it with ``sudo()`` for people who may not see jobs.

        :return: text for people, with line breaks; False where jobs are run, or none of
            these waits
        """
        return self._get_problem_of([("id", "in", self.ids)]) if self else False

    @api.model
    def _get_problem_of(self, domain):
        overdue_since = fields.Datetime.now() - timedelta(seconds=self._get_patience())
        domain = domain + [
            ("state", "in", (PENDING, ENQUEUED)),
            ("due_since", "<=", overdue_since),
        ]
        oldest = self.search(domain, order="due_since", limit=1)
        if not oldest:
            return False
        # sudo: jobs that the user may not see are run by the same runner
        last_work = self.sudo()._get_last_work() or oldest.due_since
        if last_work > overdue_since or self.sudo()._is_one_running():
            return False
        since = max(oldest.due_since, last_work)
        return self._get_problem_text(self.search_count(domain), since)

    @api.model
    def _get_patience(self):
        """Seconds that a job waits for a worker before something must be wrong."""
        # sudo: parameters are the administrators'
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param(PATIENCE_PARAMETER, PATIENCE))

    @api.model
    def _get_last_work(self):
        """When a job was last started or done, as far as known; None without any."""
        names = ("date_started", "date_done")
        (last,) = self.read_group([], ["%s:max" % name for name in names], [])
        moments = [fields.Datetime.to_datetime(last[name]) for name in names]
        return max(filter(None, moments), default=None)

    @api.model
    def _is_one_running(self):
        """Whether some job is being run, as far as one can know."""
        started = self.search([("state", "=", STARTED)])
        if not started:
            return False
        if series.queue_job_revives_jobs():
            # a runner brings back what is not being run; without it nobody does
            key = series.get_runner_lock()
            return key is None or run_lock.is_key_held(self.env.cr, key)
        locked = started.filtered("has_run_lock")
        return locked != started or run_lock.are_held(self.env.cr, locked.ids)

    @api.model
    def _get_problem_text(self, number, since):
        moment = fields.Datetime.context_timestamp(self, since)
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        time = moment.strftime("%H:%M")
        if moment.date() != today.date():
            time = "%s %s" % (format_date(self.env, moment.date()), time)
        if number == 1:
            text = _(
                "A job has been waiting since %(time)s, and no job was started since: "
                "nobody runs them.",
                time=time,
            )
        else:
            text = _(
                "%(number)s jobs have been waiting since %(time)s, and none was started "
                "since: nobody runs them.",
                number=number,
                time=time,
            )
        return "%s\n%s" % (text, self._get_runner_advice())

    @api.model
    def _get_runner_advice(self):
        """What to do so that jobs are run."""
        return _(
            "Write %(modules)s into Odoo's configuration file, below it a section "
            "%(section)s with %(channels)s, and restart Odoo. Where that is there already, "
            "Odoo's log says under queue_job.jobrunner what is wrong.",
            modules="server_wide_modules = base,web,queue_job",
            section="[queue_job]",
            channels="channels = root:2",
        )

    @api.model
    def _get_runner_banner(self):
        """HTML that says what keeps jobs from being run, an empty element otherwise."""
        # an empty element, and not nothing, makes Odoo 14.0 take away an older banner
        return series.render(
            self.env,
            "queue_job_config.runner_problem_banner",
            {"problem": self._get_runner_problem()},
        )
