from ..health.queue_job_internals import revives_jobs
from . import runner_problem

# A controller cannot be inherited for one series and left alone for another: importing it
# is what puts it in place. From 16.0 on queue_job locks jobs itself, in other methods.
if revives_jobs():
    from . import missing_code
else:
    from . import run_lock
