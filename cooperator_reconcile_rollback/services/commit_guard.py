"""Work that is stored whole or not at all: nothing in the middle of it commits."""

import logging
from contextlib import contextmanager

from psycopg2.extensions import (
    TRANSACTION_STATUS_IDLE,
    TRANSACTION_STATUS_INERROR,
)

from odoo import _
from odoo.exceptions import UserError

from ..tools import series

_logger = logging.getLogger(__name__)

# Of a cursor's cache: a client could send a key of the context.
KEY = "cooperator_reconcile_rollback.commit_guard"
REFUSED = "refused"
TRIAL = "trial"


class Interrupted(Exception):
    """The transaction has ended in the middle of the work."""


class CommitGuard:
    """Does work as a whole, or nothing of it.

    ``cr.commit`` and ``cr.rollback`` refuse before anything happens. A commit that gets
    past them PostgreSQL refuses, see ``reconciliation.rollback.transaction``: then nothing
    of the transaction is left, whatever came before the work included. After that, and
    after a rollback, nothing more is executed.

    :param env: whose transaction it is, and in whose language the refusal
    :param work: what is done, in a few words
    :param is_trial: whether all of it is undone in the end
    """

    def __init__(self, env, work, is_trial=False):
        self.env = env
        self.work = work
        self.is_trial = is_trial

    @contextmanager
    def whole(self):
        """Do what the block does, in a savepoint.

        :raises UserError: something has ended the transaction, or has tried to
        """
        try:
            with self.env.cr.savepoint(), self._refusing():
                transaction = self.env["reconciliation.rollback.transaction"]
                row = transaction._begin()
                yield
                series.flush_all(self.env)
                self.env.cr.precommit.run()
                if not transaction._finish(row):
                    raise Interrupted
        except Exception:
            if not self._is_torn():
                raise
            _logger.exception("Something has ended the transaction of: %s", self.work)
            # past our own refusal, and that of whoever guards this work too
            type(self.env.cr).rollback(self.env.cr)
            self._refuse()

    @contextmanager
    def _refusing(self):
        """Have the cursor's methods refuse inside the block."""
        cr = self.env.cr
        methods = {
            "commit": self._refuse_method,
            "rollback": self._refuse_method,
            "execute": self._get_checked(cr.execute),
        }
        # what this cursor has instead of its class's methods, if we are not the first
        before = {name: vars(cr).get(name) for name in methods}
        state = cr.cache.get(KEY)
        vars(cr).update(methods)
        cr.cache[KEY] = TRIAL if self.is_trial or is_trial(cr) else REFUSED
        try:
            yield
        finally:
            cr.cache[KEY] = state
            for name, method in before.items():
                delattr(cr, name)
                if method:
                    setattr(cr, name, method)

    def _refuse_method(self):
        _logger.error(
            "Something wants to end the transaction of: %s", self.work, stack_info=True
        )
        self._refuse()

    def _get_checked(self, execute):
        """The cursor's ``execute``, which refuses once the transaction has ended.

        What is executed after that would be committed at once, statement by statement.
        """
        connection = self.env.cr.connection

        def checked(*args, **kwargs):
            if connection.get_transaction_status() == TRANSACTION_STATUS_IDLE:
                raise Interrupted
            return execute(*args, **kwargs)

        return checked

    def _refuse(self):
        raise UserError(
            _(
                "An add-on interrupted “%(work)s” with a commit or rollback of the "
                "database; nothing of it was changed. Ask your Odoo administrator to "
                "find that add-on in the log, and to update it under Apps.",
                work=self.work,
            )
        )

    def _is_torn(self):
        """Whether an error has left no transaction that the savepoint belongs to."""
        # the end of the savepoint has failed, or there is nothing that it is in
        return self.env.cr.connection.get_transaction_status() in (
            TRANSACTION_STATUS_IDLE,
            TRANSACTION_STATUS_INERROR,
        )


def is_commit_refused(cr):
    """Whether the cursor's transaction has work that is stored whole or not at all."""
    return bool(cr.cache.get(KEY))


def is_trial(cr):
    """Whether all that the cursor's transaction does now is undone in the end."""
    return cr.cache.get(KEY) == TRIAL
