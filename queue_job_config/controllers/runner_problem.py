from odoo import http
from odoo.http import request


class RunnerProblemController(http.Controller):
    @http.route("/queue_job_config/runner_problem", type="json", auth="user")
    def runner_problem(self):
        """The banner above lists of jobs: ``{"html": ...}``, empty where jobs are run."""
        if not request.env.user.has_group("queue_job.group_queue_job_manager"):
            return {}
        return {"html": request.env["queue.job"]._get_runner_banner()}
