def post_init_hook(cr, registry):
    """Let the jobs that are there be: what has failed before stays as it is."""
    cr.execute("UPDATE queue_job SET given_up = true WHERE state = 'failed'")
    cr.execute(
        "UPDATE queue_job SET due_since = GREATEST(date_created, eta)"
        " WHERE state NOT IN ('done', 'cancelled', 'failed')"
    )
