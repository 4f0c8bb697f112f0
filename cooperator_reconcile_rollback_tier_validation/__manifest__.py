{
    "name": "Cooperator Reconcile Rollback Tier Validation",
    "summary": "A second person validates a rollback before it is started",
    "version": "1.1.0",
    "category": "Cooperative management",
    "author": "Reconciliation Rollbacks contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/cooperative",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["cooperator_reconcile_rollback", "base_tier_validation"],
    "data": [
        "security/ir_rule.xml",
        "report/reconciliation_rollback_templates.xml",
        "views/reconciliation_rollback_views.xml",
        "views/tier_definition_views.xml",
    ],
    "auto_install": True,
}
