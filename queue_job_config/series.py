"""What differs between the supported Odoo versions, and nowhere else."""

from odoo import release

SERIES = release.version_info[0]


def flush(records):
    """Write the pending changes of the records' model, before SQL reads or writes it."""
    if SERIES >= 16:
        records.flush_model()
    else:
        records.flush()


def render(env, template, values):
    """Render a QWeb template to HTML text."""
    if SERIES >= 16:
        return str(env["ir.qweb"]._render(template, values))
    return env.ref(template)._render(values, engine="ir.qweb").decode()


def trigger(cron):
    """Let a scheduled action run again at once; on 14.0 it runs when its time comes."""
    if SERIES >= 16:
        cron._trigger()
