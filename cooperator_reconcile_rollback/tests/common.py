"""The case that all tests of this module share: a cooperative and its accountant."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.job import PENDING, Job

from .builders import ALICE, BRUNO, FLORA, Builders
from .fixtures import cooperative
from .fixtures.compared_rows import REFUSED
from .mails import Mails
from .planned_books import PlannedBooks
from .series import BaseCase, flush, invalidate, render_html
from .snapshots import SEQUENCES, NextNumbers, Snapshots

# The founder's numbers, far from any that a database could have given away already. What
# the first test operation gets is the next ones.
FOUNDING = NextNumbers(operation=1001, cooperator=501)
AFTER_FOUNDING = NextNumbers(operation=1002, cooperator=502)

SHARES = {
    "share_x": ("Founder share", 50),
    "share_y": ("Worker share", 25),
    "share_z": ("Solidarity share", 15),
}
USERS = {
    "user": "cooperator.cooperator_group_user",
    "manager": "cooperator.cooperator_group_manager",
}

# The manual's numbers and what each step is called here.
STEPS = [
    (1, "hold_mail"),
    (2, "record_numbers"),
    (3, "remove_match"),
    (4, "remove_shares"),
    (5, "remove_register_lines"),
    (6, "reset_operation_sequence"),
    (7, "reset_membership"),
    (8, "make_match"),
    (9, "verify"),
    (10, "clear_mail"),
    (11, "release_mail"),
]


@tagged("post_install", "-at_install")
class RollbackCase(Builders, Snapshots, PlannedBooks, Mails, BaseCase):
    """A cooperative that already has one member, and what is needed to go on.

    Mail is off: drawing a certificate costs a second. Tests about mail switch it on.
    """

    # what everything in the class's tests is done with
    context = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.find_cooperative(cls.env):
            cls.found_cooperative(cls.env)
        cls.env = cls.env(context={**cls.env.context, **cls.context})
        for name, record in cls.find_cooperative(cls.env).items():
            setattr(cls, name, record)
        cls.set_next_numbers(cls.company, AFTER_FOUNDING)
        cls.set_up_books()
        cls.following = {
            company: cls.next_numbers(company)
            for company in cls.env["res.company"].search([])
        }

    @classmethod
    def find_cooperative(cls, env):
        """The cooperative's records by name; nothing where it is not founded yet.

        ``setup/test`` runs on a database in which it is.
        """
        company = env.ref("base.main_company")
        flora = env["subscription.request"].search(
            [("email", "=", FLORA.email), ("company_id", "=", company.id)]
        )
        if not flora:
            return {}
        products, users = env["product.product"], env["res.users"]
        return {
            "company": company,
            "flora": flora,
            **{code: products.search([("default_code", "=", code)]) for code in SHARES},
            **{
                login: users.search([("login", "=", f"rollback_{login}")])
                for login in USERS
            },
        }

    @classmethod
    def found_cooperative(cls, env):
        """Make the company a cooperative with three share types, two users and Flora."""
        founding = type("Founding", (cls,), {"env": env})
        founding.company = env.ref("base.main_company")
        founding.set_up_company(founding.company)
        shares = {
            code: founding.make_share(code, name, price)
            for code, (name, price) in SHARES.items()
        }
        for login, group in USERS.items():
            founding.make_user(login, group)
        founding.set_next_numbers(founding.company, FOUNDING)
        founding.join(FLORA, 4, shares["share_y"])

    @classmethod
    def set_up_books(cls):
        """What all tests of a class start from; for the class to extend."""

    def setUp(self):
        super().setUp()
        # A number that PostgreSQL gave stays given, whatever is rolled back afterwards,
        # unless the sequence was set within what is rolled back.
        for company, numbers in self.following.items():
            self.set_next_numbers(company, numbers)

    @classmethod
    def set_up_company(cls, company):
        """Accounts, journals and settings that a cooperative's company needs."""
        cooperative.set_up_company(cls.client(), company.id)

    @classmethod
    def make_company(cls, name):
        """A second cooperative in the same database, with sequences of its own."""
        company = cls.env["res.company"].create({"name": name})
        cooperative.join_company(cls.client(), company.id)
        cls.set_up_company(company)
        return company

    @classmethod
    def make_share(cls, code, name, price):
        share = cooperative.make_share(cls.client(), name, price, code)
        return cls.env["product.product"].browse(share)

    @classmethod
    def make_user(cls, login, *groups, companies=None):
        user = cooperative.make_user(
            cls.client(),
            f"rollback_{login}",
            groups,
            (companies or cls.company).ids,
            name=f"Rollback {login}",
        )
        return cls.env["res.users"].browse(user)

    @classmethod
    def set_next_numbers(cls, company, numbers):
        """Set both sequences of the company."""
        for code, number in zip(SEQUENCES, numbers):
            cls.sequence_of(code, company).number_next_actual = number
        flush(cls.env)

    @staticmethod
    def days_ago(days):
        return fields.Date.today() - timedelta(days=days)

    # ------------------------------------------------------------------- rollbacks

    def draft_rollback(self, records, right=None, user=None, **options):
        """The draft that the action "Roll back reconciliation" opens.

        :param right: the subscription that should have been paid, for every line, or
            ``{wrong subscription: right subscription}``; nothing where the payments
            were not for shares
        :param options: fields of the rollback (``numbering``, ``mail_scope``, ...)
        """
        user = user or self.manager
        rollback = self.env["reconciliation.rollback"].with_user(user)
        rollback = rollback.create_from(rollback.env[records._name].browse(records.ids))
        self.assertEqual(len(rollback), 1)
        self.assertEqual(rollback.state, "draft")
        for line in rollback.line_ids:
            line.right_move_id = self._right_move_of(line, right)
        rollback.write(
            {
                "reason": "wrong_person" if right else "not_shares",
                "note": "The bank told who paid",
                **options,
            }
        )
        return rollback

    def _right_move_of(self, line, right):
        if isinstance(right, dict):
            right = right.get(line.wrong_move_id.subscription_request)
        return right.capital_release_request if right else False

    def start_rollback(self, records, right=None, **options):
        """A rollback that was planned and started, whose jobs wait."""
        rollback = self.draft_rollback(records, right, **options)
        rollback.action_plan()
        self.assertEqual(rollback.state, "planned")
        self.tell_otherwise(rollback)
        rollback.action_start()
        self.assertEqual(rollback.state, "running")
        return rollback

    @staticmethod
    def tell_otherwise(rollback):
        """Note that whoever has a wrong certificate was told, where nothing is chosen."""
        rows = rollback.mail_ids.filtered(lambda row: row.choice == "decide")
        rows.write(
            {
                "choice": "told",
                "told_on": fields.Date.today(),
                "told_how": "By phone",
            }
        )

    def roll_back(self, records, right=None, **options):
        """A rollback from the first click to its end, every job performed for real."""
        rollback = self.start_rollback(records, right, **options)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        return rollback

    def assertTriedOut(self, rollback):
        """Every step can be done, and nothing of that remains; documents can be drawn."""
        invalidate(self.env)
        before = self.books()
        rollback.action_dry_run()
        invalidate(self.env)
        self.assertBooksEqual(before, REFUSED)
        steps = rollback._by_action()._try_out()
        self.assertEqual([step for step in steps if step["error"]], [])
        self.assertTrue(rollback.plan_html)
        html = render_html(
            "cooperator_reconcile_rollback.reconciliation_rollback_report", rollback
        )
        self.assertIn(rollback.name, html)

    def revert(self, rollback):
        """Undo a rollback, every job performed for real."""
        rollback.action_revert()
        self.run_jobs(rollback)
        errors = [step.error for step in rollback.step_ids if step.error]
        self.assertEqual((rollback.state, errors), ("reverted", []))

    def jobs_of(self, rollback):
        """The queue jobs of a rollback in the order of its steps, those of a revert last."""
        steps = rollback.step_ids
        uuids = steps.mapped("job_uuid") + steps.mapped("revert_job_uuid")[::-1]
        jobs = self.env["queue.job"].search([("uuid", "in", uuids)])
        return jobs.sorted(lambda job: uuids.index(job.uuid))

    def run_jobs(self, rollback, until=None):
        """Perform the jobs of a rollback one after another, as the runner does.

        Only jobs whose turn has come are performed: the chain has to release each next one.

        :param until: the kind of the last step to perform; all of them by default
        """
        while True:
            invalidate(self.env)
            waiting = self.jobs_of(rollback).filtered(lambda job: job.state == PENDING)
            if not waiting:
                return
            uuid = waiting[0].uuid
            performed = [
                step.kind
                for step in rollback.step_ids
                if uuid in (step.job_uuid, step.revert_job_uuid)
            ]
            if not self.run_job(uuid):
                return
            if until in performed:
                invalidate(self.env)
                return

    def run_other_jobs(self):
        """Perform what waits apart from the steps: what was paid during a rollback."""
        while True:
            invalidate(self.env)
            waiting = self.env["queue.job"].search(
                [
                    ("state", "=", PENDING),
                    ("method_name", "in", ("_register_postponed", "_run_job")),
                    ("model_name", "!=", "reconciliation.rollback.step"),
                ],
                order="id",
                limit=1,
            )
            if not waiting or not self.run_job(waiting.uuid):
                return

    def run_job(self, uuid):
        """Perform one job and keep its outcome, as the runner does.

        :return: whether it succeeded
        """
        job = Job.load(self.env, uuid)
        job.set_started()
        job.store()
        flush(self.env)
        try:
            with self.env.cr.savepoint():
                job.perform()
                flush(self.env)
        except Exception as error:
            invalidate(self.env)
            self._keep_failure(Job.load(self.env, uuid), error)
            return False
        job.set_done()
        job.store()
        flush(self.env)
        job.enqueue_waiting()
        return True

    def _keep_failure(self, job, error):
        values = {
            "exc_name": "%s.%s" % (type(error).__module__, type(error).__name__),
            "exc_message": str(error),
            "exc_info": repr(error),
        }
        job.set_failed(**values)
        job.store()
        # newer releases of queue_job call a method of the record that failed
        if hasattr(job, "on_fail"):
            job.on_fail(values)
        flush(self.env)

    def assertDone(self, rollback):
        """The rollback ended well: every step done, the manual's in order, none left."""
        outcomes = [
            (step.kind, "done" if step.state == "by_hand" else step.state, step.error)
            for step in rollback.step_ids
        ]
        cascaded = {
            (kind, "done", False) for kind in ("take_back", "apply_again", "renumber")
        }
        failed = self.jobs_of(rollback).filtered("exc_info").mapped("exc_info")
        self.assertFalse(failed)
        self.assertEqual(
            [outcome for outcome in outcomes if outcome not in cascaded],
            [(kind, "done", False) for _number, kind in STEPS],
        )
        self.assertEqual(rollback.state, "done")
        self.assertBooksAsPlanned(rollback)
        self.assertEqual(rollback.progress, 100)
        self.assertTrue(rollback.done_at)

    def assertRefused(self, sentence, action, *arguments, **options):
        """The action is refused with that sentence and has changed nothing at all.

        Nothing is rolled back here: what was changed before the refusal would show.

        :param sentence: a regular expression, with the names and numbers it must give
        :return: the drafts that were made before the refusal; only those may be
        """
        rollbacks = self.env["reconciliation.rollback"].search([])
        before = self.books()
        with self.assertRaisesRegex(UserError, sentence):
            action(*arguments, **options)
        invalidate(self.env)
        self.assertBooksEqual(before, REFUSED)
        made = self.env["reconciliation.rollback"].search([]) - rollbacks
        for rollback in made:
            self.assertEqual(rollback.state, "draft")
            self.assertFalse(rollback.step_ids)
        return made


class MistakeCase(RollbackCase):
    """Bruno's payment was matched with Alice's request, and she became a member by it."""

    paid_days_ago = 0

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.alice = cls.subscribe(ALICE, 3, cls.share_y)
        cls.bruno = cls.subscribe(BRUNO, 3, cls.share_y)
        cls.request = cls.alice.capital_release_request
        cls.make_mistake()

    @classmethod
    def make_mistake(cls):
        """Take the payment for the wrong request; for the class to change or extend."""
        cls.payment = cls.pay(
            cls.alice, by=cls.bruno.partner_id, date=cls.days_ago(cls.paid_days_ago)
        )
