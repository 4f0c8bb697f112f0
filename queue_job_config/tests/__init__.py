from importlib.util import find_spec

from . import test_doctests
from . import test_exception_names
from . import test_job_failure
from . import test_many_failures
from . import test_missing_code
from . import test_people
from . import test_retry
from . import test_retry_pattern
from . import test_retry_policy
from . import test_revival
from . import test_runner_banner
from . import test_schedule
from . import test_waiting

if find_spec("hypothesis"):  # not one of Odoo's requirements
    from . import test_properties
