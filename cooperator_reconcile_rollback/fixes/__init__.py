"""What can be done about a finding of the register check, one subject a file.

Each class is one way to fix some kinds of findings, and all have the same verbs, see
:class:`.fix.Fix`. :data:`FIXES` has all of them, in the order in which they are offered.
"""

from .change import ExplainChange
from .gap import ExplainGap
from .link import ExplainOperation, LinkOperation
from .mail import ReleaseMail
from .member import NumberMember, RenumberMember
from .operation_request import (
    CompleteRequest,
    RegisterExecution,
    ReopenRequest,
)
from .renumber_operation import RenumberOperation
from .roll_back import RollBack
from .sequence import SetSequence
from .shares import BringToRegister, ExplainShares

FIXES = (
    RollBack,
    SetSequence,
    ExplainGap,
    RenumberOperation,
    RenumberMember,
    NumberMember,
    RegisterExecution,
    ReopenRequest,
    CompleteRequest,
    ExplainShares,
    BringToRegister,
    ReleaseMail,
    LinkOperation,
    ExplainOperation,
    ExplainChange,
)
