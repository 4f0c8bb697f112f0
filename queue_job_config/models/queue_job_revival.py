from datetime import timedelta

from odoo import _, api, fields, models

from odoo.addons.queue_job.job import (
    DEFAULT_MAX_RETRIES,
    DONE,
    ENQUEUED,
    FAILED,
    STARTED,
    WAIT_DEPENDENCIES,
    Job,
)

from .. import run_lock, series

# an enqueued job is picked up, and the jobs that wait for a done one are released, within
# seconds where everybody is alive
PICKUP_TIME = timedelta(minutes=1)


class QueueJob(models.Model):
    """Brings back what nobody works on any more because a server process ended."""

    _inherit = "queue.job"

    has_run_lock = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whoever started the job last held its lock, so that one can see whether it "
        "is still being run.",
    )

    def write(self, vals):
        if vals.get("state", STARTED) != STARTED:
            # whoever starts it next may be one who holds no lock
            vals = {**vals, "has_run_lock": False}
        return super().write(vals)

    @api.model
    def _cron_revive_jobs(self):
        """Bring back the jobs of dead workers, and release those that these left waiting."""
        if not series.queue_job_revives_jobs():
            abandoned = self._get_abandoned_jobs()
            with abandoned._left_for_later():
                abandoned._revive()
        self._release_left_behind_jobs()

    def _get_abandoned_jobs(self):
        """Jobs that are started or enqueued and that nobody runs.

        Their locks are taken, so that nobody begins to run them before the transaction ends.
        """
        too_long_ago = fields.Datetime.now() - PICKUP_TIME
        jobs = self.search(
            [
                "|",
                "&",
                ("state", "=", STARTED),
                ("has_run_lock", "=", True),
                "&",
                ("state", "=", ENQUEUED),
                ("date_enqueued", "<=", too_long_ago),
            ]
        )
        return self.browse(run_lock.take_free(self.env.cr, jobs.ids))

    def _revive(self):
        """Put abandoned jobs back, but give up one that ends its worker each time.

        A job that has ended meanwhile makes PostgreSQL refuse the change.
        """
        self.filtered(lambda job: job.state == ENQUEUED)._put_back({})
        for job in self.filtered(lambda job: job.state == STARTED):
            retry = job.retry + 1
            if retry < (job.max_retries or DEFAULT_MAX_RETRIES):
                job._put_back({"retry": retry})
            else:
                job.write(job._prepare_found_dead(retry))

    def _prepare_found_dead(self, retry):
        """The values of a failure, with queue_job 16.0's name for it."""
        message = _(
            "The server process that ran the job ended %(number)s times before the job "
            "did.",
            number=retry,
        )
        return {
            "state": FAILED,
            "retry": retry,
            "exc_name": "JobFoundDead",
            "exc_message": message,
            "exc_info": message,
        }

    @api.model
    def _release_left_behind_jobs(self):
        """Release jobs that wait although all that they wait for is done.

        A worker stores that a job is done first, and releases what waits for it in another
        transaction: where it dies in between, nobody does that.
        """
        uuids = self._get_left_behind_parents()
        for job in self.search([("uuid", "in", uuids)]):
            with job._left_for_later():
                Job.load(self.env, job.uuid).enqueue_waiting()

    @api.model
    def _get_left_behind_parents(self):
        """For each job that was left behind, the uuid of one that it waited for."""
        series.flush(self)
        self.env.cr.execute(
            """
            SELECT min(parent.uuid)
            FROM queue_job child
            JOIN LATERAL json_array_elements_text(
                child.dependencies::json->'depends_on'
            ) AS awaited ON true
            JOIN queue_job parent
            ON parent.graph_uuid = child.graph_uuid AND parent.uuid = awaited
            WHERE child.state = %s
            GROUP BY child.id
            HAVING bool_and(parent.state = %s) AND max(parent.date_done) <= %s
            """,
            (WAIT_DEPENDENCIES, DONE, fields.Datetime.now() - PICKUP_TIME),
        )
        return [uuid for (uuid,) in self.env.cr.fetchall()]
