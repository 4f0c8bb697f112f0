"""The activity that says that a job was given up."""

from odoo import _

ACTIVITY_TYPE = "queue_job_config.mail_activity_type_failed_job"


class FailureNotification:
    """An activity on a job that was given up.

    :param job: one ``queue.job``, with the recipient's language in its context
    """

    def __init__(self, job):
        job.ensure_one()
        self.job = job
        self.env = job.env

    def schedule(self, user):
        """Give a user the activity.

        :param user: ``res.users``
        """
        self.job._activity_schedule_with_view(
            ACTIVITY_TYPE,
            summary=_("Job given up: %(job)s", job=self.job.name),
            views_or_xmlid="queue_job_config.failed_job_activity",
            render_context={"sentences": self._get_sentences()},
            user_id=user.id,
        )

    def _get_sentences(self):
        """Say what happened and what to do."""
        return [
            self._get_event(),
            _("Failed attempts: %(number)s.", number=self.job.attempt_count),
            _("Reason: %(reason)s", reason=self._get_reason()),
            _("Correct the cause, then press Requeue Job on the job's form."),
        ]

    def _get_event(self):
        records = self.job._get_existing_records().get(self.job)
        if not records:
            return _("The job %(job)s was given up.", job=self.job.name)
        # the recipient may not see the records, and needs their names
        records = records.with_context(lang=self.env.lang)
        return _(
            "The job %(job)s, on %(records)s, was given up.",
            job=self.job.name,
            records=", ".join(records.mapped("display_name")),
        )

    def _get_reason(self):
        """The part of the last exception that a person can read."""
        traceback = (self.job.exc_info or "").strip()
        return (
            self.job.exc_message
            or traceback.rpartition("\n")[2]
            or self.job.exc_name
            or _("no reason is known")
        )
