from . import test_job_failure
from . import test_retry_pattern
