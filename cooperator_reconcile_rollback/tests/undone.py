"""Things that a test does and takes back before it goes on."""

from contextlib import contextmanager

from .series import invalidate


@contextmanager
def undone(env):
    """Take back all that happens inside, in the database and in the ORM's memory.

    An error that happens inside is raised afterwards.
    """
    invalidate(env)
    env.cr.execute("SAVEPOINT undone")
    try:
        yield
        invalidate(env)
    finally:
        env.cr.execute("ROLLBACK TO SAVEPOINT undone")
        env.cr.execute("RELEASE SAVEPOINT undone")
        env.clear()
