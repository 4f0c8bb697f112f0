from . import test_printout
from . import test_reviews
from . import test_validation
