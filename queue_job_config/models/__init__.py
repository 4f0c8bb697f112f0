from . import base
from . import queue_job_retry_policy
from . import queue_job
from . import queue_job_channel
from . import queue_job_function
