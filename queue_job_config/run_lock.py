"""Who runs a job right now, as PostgreSQL's advisory locks know it.

A worker holds the lock of its job from before the job is marked as started until after the
end of the job is stored. PostgreSQL frees the lock when the worker's connection ends,
however that comes about: a started job whose lock is free is a dead worker's.

The first key of a lock says what it is for, the second one is the job's id.
"""

RUN_LOCK = 1364542283


def hold(cr, job_uuid):
    """Take the lock of a job for as long as the transaction lasts.

    :param job_uuid: uuid of the job
    :return: whether nobody else had it; True too where there is no such job
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
    """Take those locks of jobs that nobody has, for as long as the transaction lasts.

    :param job_ids: list of ids
    :return: list of the ids of the jobs that nobody runs
    """
    cr.execute(
        "SELECT job, pg_try_advisory_xact_lock(%s, job) FROM unnest(%s::int[]) AS job",
        (RUN_LOCK, job_ids),
    )
    return [job for job, taken in cr.fetchall() if taken]


def are_held(cr, job_ids):
    """Whether somebody has the lock of one of the jobs. No lock is touched."""
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
    """Whether somebody has the lock of a key of 64 bits. No lock is touched."""
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
