from . import controllers
from . import models
from . import steps
from .hooks import post_init_hook
