from . import base_partner_merge
from . import cooperator_evidence_comparison
from . import cooperator_register_document
from . import cooperator_register_fix_wizard
from . import reconciliation_rollback_register
