"""Runner health: jobs that nobody runs, or runs any more. Knows nothing of ``retry``."""
