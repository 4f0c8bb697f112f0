from odoo import http
from odoo.http import request


class ProgressController(http.Controller):
    @http.route(
        "/reconciliation_rollback/<int:rollback_id>/progress",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def progress(self, rollback_id):
        """A page that shows how far a rollback is, and shows it again by itself.

        The form embeds it: so progress is seen in both series without code of the web
        client, which is another one in each.
        """
        rollbacks = request.env["reconciliation.rollback"]
        # of what somebody may not see nothing tells whether it exists
        rollback = rollbacks
        if rollbacks.check_access_rights("read", raise_exception=False):
            rollback = rollbacks.search([("id", "=", rollback_id)])
        if not rollback:
            return request.not_found()
        return request.make_response(
            rollback._render(
                "reconciliation_rollback_progress", {"rollback": rollback}
            ),
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Cache-Control", "no-store"),
            ],
        )
