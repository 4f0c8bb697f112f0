from . import account_move
from . import cooperator_register_fix
from . import rollback_note
from . import step_count_notes
from . import step_write_notes
from . import step_careless
from . import step_interrupt
