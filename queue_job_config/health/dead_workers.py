"""Jobs that a worker left started, enqueued or waiting when its process ended."""

from datetime import timedelta

from odoo import _, fields

from odoo.addons.queue_job.job import (
    DEFAULT_MAX_RETRIES,
    DONE,
    ENQUEUED,
    FAILED,
    STARTED,
    WAIT_DEPENDENCIES,
)

from .. import series
from . import run_lock

# while all processes live, an enqueued job is picked up within seconds, and so are those
# that wait for a job that is done
PICKUP_TIME = timedelta(minutes=1)
# what has been running for longer than that may be dead
LONG_RUN = timedelta(hours=1)


class AbandonedJobs:
    """Jobs that are started or enqueued and that nobody runs.

    :param env: environment
    """

    def __init__(self, env):
        self.env = env

    def requeue(self):
        """Requeue the jobs, but fail those that end their workers each time.

        A job that ends meanwhile makes PostgreSQL refuse the change.
        """
        jobs = self._find()
        with jobs._left_for_later():
            self._requeue(jobs)

    def _find(self):
        """Find the jobs and take their locks: nobody starts them before the transaction ends."""
        too_long_ago = fields.Datetime.now() - PICKUP_TIME
        jobs = self.env["queue.job"].search(
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
        return jobs.browse(run_lock.take_free(self.env.cr, jobs.ids))

    def _requeue(self, jobs):
        jobs.filtered(lambda job: job.state == ENQUEUED)._put_back({})
        for job in jobs.filtered(lambda job: job.state == STARTED):
            retry = job.retry + 1
            if retry < (job.max_retries or DEFAULT_MAX_RETRIES):
                job._put_back({"retry": retry})
            else:
                job.write(self._prepare_found_dead(retry))

    def _prepare_found_dead(self, retry):
        """The values of a failure, under the name that queue_job 16.0 gives it."""
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


def release_waiting_jobs(env):
    """Release jobs that still wait although all that they wait for is done.

    A worker stores that its job is done in one transaction and releases the jobs that wait
    for it in the next: if it dies in between, they wait for ever.
    """
    jobs = env["queue.job"].browse(_find_left_waiting(env))
    with jobs._left_for_later():
        jobs._put_back({})


def _find_left_waiting(env):
    """Find the ids of the jobs that should have been released.

    Leave out graphs in which a job is being run: to read what each job of a long graph waits
    for takes long, and the end of that job changes the graph anyway. A job that has been
    running for very long may be dead, and holds up nothing.
    """
    series.flush(env["queue.job"])
    now = fields.Datetime.now()
    env.cr.execute(
        """
        SELECT child.id
        FROM queue_job child
        JOIN LATERAL json_array_elements_text(
            child.dependencies::json->'depends_on'
        ) AS awaited ON true
        JOIN queue_job parent
        ON parent.graph_uuid = child.graph_uuid AND parent.uuid = awaited
        WHERE child.state = %s
        AND NOT EXISTS (
            SELECT 1 FROM queue_job running
            WHERE running.graph_uuid = child.graph_uuid
            AND running.state IN %s AND running.date_enqueued > %s
        )
        GROUP BY child.id
        HAVING bool_and(parent.state = %s) AND max(parent.date_done) <= %s
        """,
        (
            WAIT_DEPENDENCIES,
            (ENQUEUED, STARTED),
            now - LONG_RUN,
            DONE,
            now - PICKUP_TIME,
        ),
    )
    return [job for (job,) in env.cr.fetchall()]
