from . import controllers
from . import models
from . import steps
from . import report
from . import wizard
