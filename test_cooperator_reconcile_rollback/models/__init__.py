from . import rollback_note
from . import step_count_notes
from . import step_write_notes
from . import step_careless
