"""What our code tells other code through the context.

A context comes from whoever calls. A client sends it as JSON, which cannot hold an object of
this module, so that no client can pretend to be a step or a button. A job keeps none of
these keys either: what runs in a job sets its flags itself.

The keys are names that other add-ons may rely on. To them a flag that is set is true; the
value behind it is read with its flag.

>>> context = {"lang": "fr_FR", **HOLDER.set(7)}
>>> bool(context["reconciliation_rollback_id"]), HOLDER.get(context)
(True, 7)

What a client sends under the same key says nothing:

>>> HOLDER.get({"reconciliation_rollback_id": 7}), RESTORE.get({RESTORE.key: True})
(None, None)

Nor does the value of another flag:

>>> RESTORE.get({RESTORE.key: HOLDER.set(7)[HOLDER.key]})
"""

from dataclasses import dataclass
from typing import Any, Dict, Mapping


@dataclass(frozen=True)
class _Value:
    """The value of a flag that is set."""

    key: str
    value: Any


@dataclass(frozen=True)
class Flag:
    """One thing that is told.

    :param key: the name in the context
    """

    key: str

    def set(self, value: Any = True) -> Dict[str, Any]:
        """Return what to add to a context, as named arguments of ``with_context``.

        :param value: anything but ``None``
        """
        return {self.key: _Value(self.key, value)}

    def get(self, context: Mapping[str, Any]) -> Any:
        """Return the value, or ``None`` where the flag is not set."""
        kept = context.get(self.key)
        if isinstance(kept, _Value) and kept.key == self.key:
            return kept.value
        return None


#: An action or a step has the records before it: it may change what is evidence.
ACTION = Flag("reconciliation_rollback_action")
#: The id of the rollback whose step this is: the register is not locked for it.
HOLDER = Flag("reconciliation_rollback_id")
#: A match is made again whose effects come back from what was kept of them.
RESTORE = Flag("is_rollback_restore")
#: An operation is applied again: its certificate has gone out long ago.
REPLAY = Flag("is_rollback_replay")
#: The id of the ``reconciliation.rollback.mail`` that a mail is made for.
MAIL_ROW = Flag("reconciliation_rollback_mail_id")
#: A mail brings a cooperator certificate.
CERTIFICATE = Flag("is_cooperator_certificate")
#: The id of the capital release request whose payment makes the certificate.
CERTIFICATE_REQUEST = Flag("certificate_request_id")
#: All is undone in the end: nobody has to validate it.
DRY_RUN = Flag("reconciliation_rollback_dry_run")
