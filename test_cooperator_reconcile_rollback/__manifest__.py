{
    "name": "Cooperator Reconcile Rollback Tests",
    "summary": "Steps of another add-on, returned payments and locked journals, to test rollbacks",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "Reconciliation Rollbacks contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/cooperative",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": [
        "cooperator_reconcile_rollback",
        "account_journal_lock_date",
        "account_payment_return",
    ],
    "data": ["security/ir.model.access.csv"],
}
