def post_init_hook(cr, registry):
    """Start with the jobs that are there: what has failed before stays failed."""
    cr.execute("UPDATE queue_job SET given_up = true WHERE state = 'failed'")
    cr.execute(
        "UPDATE queue_job SET due_since = GREATEST(date_created, eta)"
        " WHERE state NOT IN ('done', 'cancelled', 'failed')"
    )
