from . import ir_module_module
from . import reconciliation_rollback
from . import reconciliation_rollback_mail
from . import tier_definition
from . import tier_review
