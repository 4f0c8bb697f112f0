from odoo import http
from odoo.http import request

from ..tools.access import check_readable


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
        rollback = request.env["reconciliation.rollback"].browse(rollback_id).exists()
        if not rollback:
            return request.not_found()
        check_readable(rollback)
        return request.make_response(
            rollback._render(
                "reconciliation_rollback_progress", {"rollback": rollback}
            ),
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Cache-Control", "no-store"),
            ],
        )
