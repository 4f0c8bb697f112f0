from . import controllers
from . import models
from . import report
from . import steps
from . import wizard
from .hooks import post_init_hook, uninstall_hook
