from . import queue_job_retry_policy
from . import queue_job
from . import queue_job_retry
from . import queue_job_people
from . import queue_job_revival
from . import queue_job_waiting
from . import queue_job_channel
from . import queue_job_function
