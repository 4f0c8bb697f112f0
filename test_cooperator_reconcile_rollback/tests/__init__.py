from . import test_cron_jobrunner
from . import test_interrupted
from . import test_journal_locks
from . import test_payment_return
from . import test_reconcile_oca
from . import test_step_kinds
