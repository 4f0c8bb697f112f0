from . import reconciliation_rollback_report
from . import corrections_register_report
from . import corrections_register_xlsx
from . import reconciliation_rollback_analysis
