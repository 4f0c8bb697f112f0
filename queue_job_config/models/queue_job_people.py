from odoo import _, models

ACTIVITY_TYPE = "queue_job_config.mail_activity_type_failed_job"


class QueueJob(models.Model):
    """Tells the people of a retry policy that a job has been given up."""

    _inherit = "queue.job"

    def _tell_people_of_failure(self):
        """Give the policy's people an activity on each job, in their languages."""
        policies = self._get_retry_policies()
        for job in self:
            for user in policies[job]._get_people(job.company_id):
                job.with_context(lang=user.lang)._schedule_failure_activity(user)

    def _schedule_failure_activity(self, user):
        self._activity_schedule_with_view(
            ACTIVITY_TYPE,
            summary=_("Job given up: %(job)s", job=self.name),
            views_or_xmlid="queue_job_config.failed_job_activity",
            render_context={"sentences": self._get_failure_sentences()},
            user_id=user.id,
        )

    def _get_failure_sentences(self):
        """What happened and what to do, in the language of the context."""
        self.ensure_one()
        # sudo: whoever is told may not see what the job is about, and needs its name
        records = self.records.sudo().exists().with_context(lang=self.env.lang)
        if records:
            what = _(
                "The job %(job)s, on %(records)s, was given up.",
                job=self.name,
                records=", ".join(records.mapped("display_name")),
            )
        else:
            what = _("The job %(job)s was given up.", job=self.name)
        return [
            what,
            _("Failed attempts: %(number)s.", number=self.attempt_count),
            _("Reason: %(reason)s", reason=self._get_failure_reason()),
            _("Correct the cause, then press Requeue Job on the job's form."),
        ]

    def _get_failure_reason(self):
        """What a person should read of the exception that ended the last attempt."""
        self.ensure_one()
        traceback = (self.exc_info or "").strip()
        return (
            self.exc_message
            or traceback.rpartition("\n")[2]
            or self.exc_name
            or _("no reason is known")
        )

    def _close_activities(self):
        """The jobs are not failed any more: whoever was told has nothing left to do."""
        if self:
            # sudo: the activity may be another user's
            self.sudo().activity_feedback([ACTIVITY_TYPE])
