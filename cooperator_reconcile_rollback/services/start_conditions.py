"""What has to be said before a rollback starts: why, by whose decision, who was told."""

from odoo import _
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

# How much a company asks for something before the start.
NO = "no"
WARN = "warn"
REQUIRED = "required"


class StartConditions:
    """What an auditor asks for, looked at before the start.

    :param rollback: ``reconciliation.rollback``, a single one
    """

    def __init__(self, rollback):
        rollback.ensure_one()
        self.rollback = rollback
        self.env = rollback.env
        # sudo: what the company asks for counts, whoever starts
        self.company = rollback.company_id.sudo()

    def warn(self):
        """Return what an auditor will ask about, in sentences."""
        rollback = self.rollback
        sentences = []
        if not rollback.note:
            sentences.append(
                _(
                    "No note says what happened, and how it is known whom the payment was "
                    "for."
                )
            )
        if self.company.rollback_decision != NO and not self._is_decided():
            sentences.append(_("Nothing says yet who decided on this, and when."))
        if self.company.rollback_second_person != NO:
            sentences.append(
                _(
                    "%s has planned this: somebody else should start it.",
                    rollback.plan_user_id.name,
                )
            )
        return sentences

    def check(self):
        """Look at all that is asked for.

        :raises UserError: something of it is missing
        """
        self._check_note()
        self._check_decision()
        self._check_second_person()
        self._check_told()

    def _check_note(self):
        if self.rollback.reason == "other" and not self.rollback.note:
            raise UserError(
                _(
                    "%s has the reason Other: write in the note what happened, and how you "
                    "know whom the payment was for, then press Start.",
                    self.rollback.name,
                )
            )

    def _is_decided(self):
        return bool(self.rollback.decided_by and self.rollback.decision_date)

    def _check_decision(self):
        if self.company.rollback_decision == REQUIRED and not self._is_decided():
            raise UserError(
                _(
                    "%(company)s asks for a decision on each rollback: write in "
                    "%(rollback)s who decided on it and when, then press Start.",
                    company=self.company.name,
                    rollback=self.rollback.name,
                )
            )

    def _check_second_person(self):
        rollback, user = self.rollback, self.env.user
        if self.company.rollback_second_person != REQUIRED:
            return
        planner = rollback.plan_user_id
        if user == planner and not rollback._get_validators() - planner:
            raise UserError(
                _(
                    "%(user)s has planned %(rollback)s, and %(company)s asks for a second "
                    "person: ask a cooperator manager who has not planned it to start it.",
                    user=user.name,
                    rollback=rollback.name,
                    company=self.company.name,
                )
            )

    def _check_told(self):
        for row in self.rollback.mail_ids:
            if row._is_undecided():
                raise UserError(
                    _(
                        "%(person)s has a wrong certificate: choose Send for the notice "
                        "under Mail, or say there when and how the person is told "
                        "otherwise, then press Start.",
                        person=row.partner_id.name,
                    )
                )

    def word_decision(self):
        """Say who decided on the rollback, when, and where that is written down."""
        rollback = self.rollback
        words = [
            rollback.decided_by,
            rollback.decision_date and format_date(self.env, rollback.decision_date),
            rollback.decision_reference,
        ]
        return ", ".join(filter(None, words))

    def find_second_people(self):
        """Find who has looked at the rollback beside who planned it.

        :return: ``res.users``
        """
        rollback = self.rollback
        if not rollback.started_at:
            return self.env["res.users"]
        people = rollback.start_user_id | rollback._get_validators()
        return people - rollback.plan_user_id

    def word_second_person(self):
        """Say who has looked at the rollback, in a sentence; empty before the start."""
        rollback = self.rollback
        if not rollback.started_at:
            return ""
        people = rollback.plan_user_id | rollback.start_user_id
        validators = rollback._get_validators() - people
        if validators:
            return _("Validated by %s.", ", ".join(validators.mapped("name")))
        if len(people) > 1:
            return _(
                "Planned by %(planner)s and started by %(starter)s.",
                planner=rollback.plan_user_id.name,
                starter=rollback.start_user_id.name,
            )
        return _(
            "Planned and started by the same person, %s. No second person has validated it.",
            people.name,
        )
