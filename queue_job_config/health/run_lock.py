"""PostgreSQL's advisory locks, which tell who runs a job right now.

A worker holds the lock of its job from before the job is marked as started until the end of
the job is stored. PostgreSQL frees the lock when the worker's connection ends, for whatever
reason: if the lock of a started job is free, its worker is dead.

A lock has two keys: RUN_LOCK, which says what the lock is for, and the id of the job.
"""

RUN_LOCK = 1364542283


def hold(cr, job_uuid):
    """Take the lock of a job until the transaction ends.

    :param job_uuid: uuid of the job
    :return: False where somebody else holds it; True also where there is no such job
    """
    # a lock that lasts as long as the job would otherwise count as a forgotten transaction
    cr.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    cr.execute(
        "SELECT pg_try_advisory_xact_lock(%s, id) FROM queue_job WHERE uuid = %s",
        (RUN_LOCK, job_uuid),
    )
    row = cr.fetchone()
    return row is None or row[0]


def take_free(cr, job_ids):
    """Take those locks of jobs that are free, until the transaction ends.

    :param job_ids: list of ids
    :return: ids of the jobs whose locks were free
    """
    cr.execute(
        "SELECT job, pg_try_advisory_xact_lock(%s, job) FROM unnest(%s::int[]) AS job",
        (RUN_LOCK, job_ids),
    )
    return [job for job, taken in cr.fetchall() if taken]


def are_held(cr, job_ids):
    """Tell whether the lock of at least one of the jobs is held. Take none."""
    cr.execute(
        """
        SELECT 1 FROM pg_locks
        WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = %s AND objid::bigint = ANY(%s::int[]) AND objsubid = 2
        LIMIT 1
        """,
        (RUN_LOCK, job_ids),
    )
    return bool(cr.fetchone())


def is_key_held(cr, key):
    """Tell whether the lock of a 64 bit key is held. Do not take it."""
    cr.execute(
        """
        SELECT 1 FROM pg_locks
        WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = %s AND objid::bigint = %s AND objsubid = 1
        LIMIT 1
        """,
        (key >> 32, key & 0xFFFFFFFF),
    )
    return bool(cr.fetchone())
