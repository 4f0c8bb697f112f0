from . import models
from . import steps
