from importlib.util import find_spec

from .ledger import (
    test_doctests,
    test_holding,
    test_large_registers,
    test_operation,
    test_samples,
)
from . import test_access_matrix
from . import test_accounting_changes
from . import test_any_moment
from . import test_any_operation
from . import test_auditors
from . import test_bank_lines
from . import test_begun_by_hand
from . import test_blockers
from . import test_cascade
from . import test_cash_basis
from . import test_change_report
from . import test_cleared_numbers
from . import test_clock
from . import test_companies
from . import test_create_from
from . import test_currencies
from . import test_earlier_releases
from . import test_evidence
from . import test_evidence_chain
from . import test_evidence_head
from . import test_failures
from . import test_imported_members
from . import test_increase
from . import test_job_list
from . import test_kept_numbers
from . import test_kept_plan
from . import test_languages
from . import test_later_operations
from . import test_links
from . import test_locks
from . import test_mail_addresses
from . import test_mail_hold
from . import test_meanwhile
from . import test_merged_contacts
from . import test_named_records
from . import test_next_steps
from . import test_nobody_gets_around
from . import test_notices
from . import test_numbered_series
from . import test_old_faults
from . import test_partial_matches
from . import test_payer
from . import test_portal_user
from . import test_postponed
from . import test_refusals
from . import test_register_check
from . import test_registered_rights
from . import test_register_check_companies
from . import test_register_check_doubtful
from . import test_register_check_findings
from . import test_register_closing
from . import test_register_entries
from . import test_register_fix_evidence
from . import test_register_fix_numbers
from . import test_register_fix_requests
from . import test_register_fix_rights
from . import test_register_fix_roll_back
from . import test_register_fix_shares
from . import test_register_lock
from . import test_report
from . import test_report_register
from . import test_report_views
from . import test_revert
from . import test_revert_looks_first
from . import test_rights
from . import test_single_correction
from . import test_steps
from . import test_start_conditions
from . import test_swapped_payments
from . import test_tax_shelter
from . import test_two_share_types
from . import test_uninstalling
from . import test_unrecorded_step
from . import test_unregistered
from . import test_verification
from . import test_warnings
from . import test_ways_of_booking
from . import test_wrong_payer

# the properties need hypothesis, which an Odoo need not have
if find_spec("hypothesis"):
    from .ledger import (
        test_begun_by_hand as test_register_begun_by_hand,
        test_check,
        test_communication,
        test_evidence_chain as test_register_evidence_chain,
        test_linking,
        test_list_diff,
        test_merged_partners,
        test_numbering,
        test_opening,
        test_plan_json,
        test_planning,
        test_register_memory,
        test_related_partners,
        test_replay,
        test_row_difference,
    )
    from . import test_random_bookings
    from . import test_random_registers
    from . import test_random_states
