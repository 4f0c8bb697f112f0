from . import test_job_failure
from . import test_people
from . import test_retry
from . import test_retry_pattern
from . import test_retry_policy
from . import test_revival
from . import test_runner_banner
from . import test_waiting
