{
    "name": "Queue Job Config",
    "summary": "Retry patterns by channel, and failed jobs that tell their records",
    "version": "1.0.0",
    "category": "Generic Modules",
    "author": "Reconciliation Rollbacks contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/queue",
    "license": "AGPL-3",
    "depends": ["queue_job"],
    "data": ["views/queue_job_channel_views.xml"],
}
