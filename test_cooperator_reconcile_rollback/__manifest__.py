{
    "name": "Cooperator Reconcile Rollback Tests",
    "summary": "Steps of another add-on and returned payments, to test rollbacks with them",
    "version": "1.0.0",
    "category": "Hidden",
    "author": "Reconciliation Rollbacks contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/cooperative",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["cooperator_reconcile_rollback", "account_payment_return"],
    "data": ["security/ir.model.access.csv"],
}
