"""A cooperative whose accountant made a mistake, and a rollback that puts it right.

Everything goes through a running Odoo, as a person's web browser would do it. Tests use the
same cooperative, the same accountant and the same rollback.
"""
