from .. import series
from . import runner_problem

if not series.queue_job_revives_jobs():
    from . import run_lock
