from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..retry.exception_names import is_one_of, names_in
from ..retry.pattern import LONGEST_WAIT
from ..retry.schedule import RetrySchedule

JOB_MANAGER = "queue_job.group_queue_job_manager"
# the least and the greatest that a policy's numbers may be
LIMITS = {
    "max_attempts": (1, 1000),
    "first_delay": (1, LONGEST_WAIT),
    "factor": (1, 1000),
    "longest_delay": (1, LONGEST_WAIT),
}


class QueueJobRetryPolicy(models.Model):
    _name = "queue.job.retry.policy"
    _description = "Retry Policy"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    job_function_id = fields.Many2one(
        comodel_name="queue.job.function",
        ondelete="cascade",
        help="The policy is for the jobs of this function, whatever their channel.",
    )
    channel_id = fields.Many2one(
        comodel_name="queue.job.channel",
        ondelete="cascade",
        help="The policy is for the jobs of this channel and of the channels below that "
        "have no policy of their own.",
    )
    max_attempts = fields.Integer(
        string="Attempts at most",
        default=5,
        required=True,
        help="After so many failed attempts, the first one included, a job is given up.",
    )
    first_delay = fields.Integer(
        string="First delay (seconds)",
        default=60,
        required=True,
        help="How long to wait after the first failure.",
    )
    factor = fields.Float(
        default=5.0,
        required=True,
        help="Each further wait is so many times as long as the one before.",
    )
    longest_delay = fields.Integer(
        string="Longest delay (seconds)",
        default=86400,
        required=True,
        help="No wait is longer than this.",
    )
    delays = fields.Char(
        string="Waits",
        compute="_compute_delays",
        help="How long a job waits after each failure but the last one.",
    )
    retried_exceptions = fields.Text(
        help="Names of exceptions, one a line: only jobs that fail for one of these, or for "
        "a special case of one, are retried. Empty: whatever they fail for.",
    )
    excluded_exceptions = fields.Text(
        default=lambda self: self._default_excluded_exceptions(),
        help="Names of exceptions, one a line: jobs that fail for one of these, or for a "
        "special case of one, are given up at once, since trying again does not help.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible user",
        domain=lambda self: [("groups_id", "in", self.env.ref(JOB_MANAGER).ids)],
        help="Gets an activity when a job is given up.",
    )
    group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Responsible group",
        help="Each of its users who may see jobs gets an activity when a job is given up.",
    )
    told_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="People told",
        compute="_compute_told_user_ids",
        help="The responsible users who are active and may see jobs.",
    )

    _sql_constraints = [
        (
            "one_subject",
            "CHECK ((job_function_id IS NULL) <> (channel_id IS NULL))",
            "A retry policy is for either a job function or a channel.",
        ),
        (
            "job_function_unique",
            "UNIQUE (job_function_id)",
            "This job function has a retry policy already, maybe an archived one.",
        ),
        (
            "channel_unique",
            "UNIQUE (channel_id)",
            "This channel has a retry policy already, maybe an archived one.",
        ),
        (
            "max_attempts_positive",
            "CHECK (max_attempts >= 1)",
            "A job is attempted at least once.",
        ),
        (
            "delays_possible",
            "CHECK (first_delay >= 1 AND longest_delay >= first_delay AND factor >= 1)",
            "The first delay is at least one second, the longest one is not shorter, and "
            "the factor is at least 1.",
        ),
    ]

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        asked = {name: context.get("default_%s" % name, 1) for name in LIMITS}
        self._refuse_absurd_numbers(asked)
        defaults = self.default_get(list(LIMITS))
        for vals in vals_list:
            self._refuse_absurd_numbers({**defaults, **vals})
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_absurd_numbers(vals)
        return super().write(vals)

    def _refuse_absurd_numbers(self, vals):
        """Refuse what PostgreSQL or a wait could not hold, before it is stored.

        :param vals: values of one policy
        :raises ValidationError: a number is none, or outside its limits
        """
        for name, (least, greatest) in LIMITS.items():
            if name in vals and not is_between(vals[name], least, greatest):
                raise ValidationError(
                    _(
                        "%(field)s has to be a number from %(least)s to %(greatest)s in "
                        "the retry policy %(policy)s.",
                        field=self._fields[name]._description_string(self.env),
                        least=least,
                        greatest=greatest,
                        policy=vals.get("name") or self[:1].name,
                    )
                )

    @api.model
    def _default_excluded_exceptions(self):
        """Odoo's errors that speak to a person, and jobs that kill their workers."""
        return "\n".join(
            (
                "odoo.exceptions.UserError",
                "odoo.exceptions.RedirectWarning",
                "JobFoundDead",
            )
        )

    @api.depends("max_attempts", "first_delay", "factor", "longest_delay")
    def _compute_delays(self):
        for policy in self:
            policy.delays = str(policy._get_schedule())

    @api.depends("user_id", "group_id")
    def _compute_told_user_ids(self):
        # sudo: not every job manager may read users' rights
        managers = self.sudo().env.ref(JOB_MANAGER).users
        for policy in self:
            users = policy.user_id | policy.sudo().group_id.users
            policy.told_user_ids = (users & managers).filtered("active")

    @api.constrains("user_id", "group_id")
    def _check_people(self):
        for policy in self:
            if not policy.told_user_ids and (policy.user_id or policy.group_id):
                raise ValidationError(
                    _(
                        "Nobody would be told of the jobs that policy %(policy)s gives "
                        "up: %(people)s may not see jobs.",
                        policy=policy.name,
                        people=policy.user_id.name or policy.group_id.display_name,
                    )
                )

    @api.onchange("job_function_id")
    def _onchange_job_function_id(self):
        if self.job_function_id:
            self.channel_id = False
            self.name = self.name or self.job_function_id.name

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        if self.channel_id:
            self.job_function_id = False
            self.name = self.name or self.channel_id.complete_name

    @api.model
    def _get_finder(self, functions, channels):
        """Make a function that finds the policy of a job, with one search for all jobs.

        :param functions: names of the functions of all jobs
        :param channels: complete names of their channels
        :return: function that takes the names of a job's function and channel and returns
            the policy, empty where there is none
        """
        all_channels = {above for name in channels for above in channel_and_above(name)}
        policies = self.search(
            [
                "|",
                ("job_function_id.name", "in", list(set(functions))),
                ("channel_id.complete_name", "in", list(all_channels)),
            ]
        )
        by_function = {policy.job_function_id.name: policy for policy in policies}
        by_channel = {policy.channel_id.complete_name: policy for policy in policies}

        def find(function, channel):
            if function and function in by_function:
                return by_function[function]
            for name in channel_and_above(channel):
                if name in by_channel:
                    return by_channel[name]
            return self.browse()

        return find

    def _get_delay(self, exc_name, failures):
        """Seconds until the next attempt of a job.

        :param exc_name: dotted name of the exception that ended the last attempt, "" where
            it is unknown
        :param failures: number of failed attempts, at least 1
        :return: None where the job is given up, or where there is no policy
        """
        if self and self._is_for_exception(exc_name):
            return self._get_schedule().delay_after(failures)
        return None

    def _is_for_exception(self, exc_name):
        self.ensure_one()
        if is_one_of(exc_name, names_in(self.excluded_exceptions)):
            return False
        retried = names_in(self.retried_exceptions)
        return not retried or is_one_of(exc_name, retried)

    def _get_schedule(self):
        """The policy's delays, as a ``RetrySchedule``."""
        self.ensure_one()
        return RetrySchedule(
            self.max_attempts, self.first_delay, self.factor, self.longest_delay
        )

    def _get_people(self, company):
        """The users to notify when a job is given up.

        :param company: the job's ``res.company``, maybe empty; users who may not work in it
            cannot see the job
        """
        people = self.told_user_ids
        if company:
            people = people.filtered(lambda user: company in user.company_ids)
        return people


def channel_and_above(name):
    """The complete names of a channel and of all channels above it, the nearest first.

    >>> channel_and_above("root.mail.slow")
    ['root.mail.slow', 'root.mail', 'root']
    >>> channel_and_above("mail")
    ['root.mail', 'root']
    """
    words = name.split(".")
    if words[0] != "root":
        words.insert(0, "root")
    return [".".join(words[:length]) for length in range(len(words), 0, -1)]


def is_between(value, least, greatest):
    """Whether a value is a number within limits; NaN and what overflows never are.

    >>> [is_between(value, 1, 1000) for value in (1, "1000", 2.5)]
    [True, True, True]
    >>> [is_between(value, 1, 1000) for value in (0, float("nan"), 10**400, "x", None)]
    [False, False, False, False, False]
    """
    try:
        return least <= float(value) <= greatest
    except (OverflowError, TypeError, ValueError):
        return False
