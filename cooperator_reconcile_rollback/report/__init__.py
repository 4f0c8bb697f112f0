from . import reconciliation_rollback_report
from . import corrections_register_report
from . import sheets_xlsx
from . import corrections_register_xlsx
from . import register_entries_report
from . import register_entries_xlsx
from . import reconciliation_rollback_analysis
