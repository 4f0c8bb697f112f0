from ..health import job_values
from ..models import queue_job_retry_policy
from ..retry import exception_names, pattern, schedule, traceback_text
from .doctests import load_doctests

load_tests = load_doctests(
    "queue_job_config",
    exception_names,
    job_values,
    pattern,
    queue_job_retry_policy,
    schedule,
    traceback_text,
)
