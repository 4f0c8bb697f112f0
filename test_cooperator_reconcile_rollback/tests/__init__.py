from . import test_step_kinds
