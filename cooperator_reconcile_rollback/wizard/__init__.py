from . import reconciliation_rollback_register
