from . import reconciliation_rollback_report
