"""Retry policies: what happens to a job that has failed. Knows nothing of ``health``."""
