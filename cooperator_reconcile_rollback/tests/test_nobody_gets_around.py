"""What clients send does not get around the rules of a rollback."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import flags
from .builders import CLARA, DAVID, Person
from .common import MistakeCase
from .series import flush, invalidate
from .undone import undone

ROLLBACK = "reconciliation.rollback"
LINE = "reconciliation.rollback.line"
BERTA = Person("Berta", "Baker")


class AroundCase(MistakeCase):
    """The mistake; Clara is a member by a payment of her own, David has a request."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.clara = cls.join(CLARA, 2, cls.share_x)
        cls.david = cls.subscribe(DAVID, 1, cls.share_x)

    def draft(self, **options):
        return self.draft_rollback(self.request, self.bruno, **options)

    def start(self, **options):
        return self.start_rollback(self.request, self.bruno, **options)

    def match_of(self, subscription):
        return self.matches_of(subscription.capital_release_request)


@tagged("post_install", "-at_install")
class TestForgedRollbacks(AroundCase):
    """What is evidence comes from the rollback's own buttons."""

    forged = {
        "state": "done",
        "start_hash": "ab" * 32,
        "evidence_hash": "cd" * 32,
        "started_at": "2001-02-03 04:05:06",
        "done_at": "2001-02-03 04:05:06",
        "plan": "{}",
        "mail_held": True,
        "dry_run": "<script>alert(1)</script>",
    }

    def assertPlain(self, rollback):
        self.assertEqual(rollback.state, "draft")
        for name in set(self.forged) - {"state"}:
            self.assertFalse(rollback[name], name)

    def forge(self, model):
        return model.with_context(
            **{f"default_{name}": value for name, value in self.forged.items()}
        )

    def test_by_defaults(self):
        """A context's, a user's own, and those under which a button is pressed."""
        rollbacks = self.env[ROLLBACK].with_user(self.user)
        self.assertPlain(self.forge(rollbacks).create({}))
        for name, value in self.forged.items():
            self.env["ir.default"].with_user(self.user).set(
                ROLLBACK, name, value, user_id=True
            )
        made = rollbacks.create({})
        self.assertPlain(made)
        created = self.forge(rollbacks).create_from(self.request.with_user(self.user))
        self.assertPlain(created)
        self.assertEqual(created.line_ids.wrong_move_id, self.request)

    def test_ghosts(self):
        """None runs that nobody started, so nothing is in the way of a start."""
        for state in ("running", "failed", "reverting", "planned", "done"):
            model = self.env[ROLLBACK].with_user(self.user)
            self.assertPlain(model.with_context(default_state=state).create({}))
            with self.assertRaises(UserError), undone(self.env):
                model.create({"state": state})
        self.roll_back(self.request, self.bruno)

    def test_steps_by_defaults_of_who_starts(self):
        """A step is not done because of what is sent with the button."""
        rollback = self.draft()
        rollback.with_context(default_state="cancelled").action_plan()
        self.assertEqual(set(rollback.mail_ids.mapped("state")) - {"expected"}, set())
        rollback.with_context(default_state="done", default_hash="0").action_start()
        self.assertEqual(set(rollback.step_ids.mapped("state")), {"pending"})
        self.run_jobs(rollback)
        self.assertDone(rollback)

    def test_jobs_at_once(self):
        """A key of the context does not run the steps before they know their job."""
        rollback = self.draft()
        rollback.action_plan()
        rollback.with_context(queue_job__no_delay=True).action_start()
        self.assertEqual(rollback.state, "running")
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(rollback._find_tampering(), [])

    def test_mail_goes_on(self):
        """No default makes the whole database hold its mail."""
        self.env[ROLLBACK].with_context(default_mail_held=True).create({})
        mail = self.make_mail(self.clara.partner_id)
        self.assertEqual(mail.state, "outgoing")

    def test_postponed_payments(self):
        """Whoever pays during a rollback does not decide what becomes of it."""
        rollback = self.start()
        payment = self.book_payment(self.david.partner_id, 50)
        items = self.item_of(payment.move_id) | self.item_of(
            self.david.capital_release_request
        )
        items.with_context(default_state="cancelled").reconcile()
        self.assertEqual(rollback.postponed_ids.mapped("state"), ["waiting"])

    def test_findings(self):
        """A user's default does not accept what the register check finds."""
        check = self.env["cooperator.register.check"].with_user(self.user)
        check = check.browse(check.action_open_check()["res_id"])
        check.with_context(
            default_is_accepted=True, default_is_told=True
        ).action_check()
        self.assertTrue(check.finding_ids)
        self.assertFalse(any(check.finding_ids.mapped("is_accepted")))
        self.assertFalse(any(check.finding_ids.mapped("is_told")))


@tagged("post_install", "-at_install")
class TestForgedLines(AroundCase):
    """A correction comes into a draft only, whatever leads to it."""

    def slip_in(self, rollback, by_default):
        values = {
            "rollback_id": rollback.id,
            "wrong_match_id": self.match_of(self.clara).id,
        }
        lines = self.env[LINE].with_user(self.user)
        if by_default:
            keys = {f"default_{name}": value for name, value in values.items()}
            return lines.with_context(**keys).create({})
        return lines.create(values)

    def test_lines(self):
        rollback = self.draft()
        self.assertEqual(
            self.slip_in(rollback, by_default=True).wrong_move_id,
            self.clara.capital_release_request,
        )
        rollback.line_ids[-1].unlink()

        def check(state):
            self.assertEqual(rollback.state, state)
            for by_default in (True, False):
                with self.assertRaisesRegex(UserError, rollback.name):
                    with undone(self.env):
                        self.slip_in(rollback, by_default)

        rollback.action_plan()
        check("planned")
        rollback.action_start()
        check("running")
        self.run_jobs(rollback)
        check("done")
        self.assertEqual(rollback._find_tampering(), [])
        self.assertPaid(self.clara)

    def test_what_a_line_tells_comes_from_its_match(self):
        line = self.slip_in(self.draft(), by_default=True)
        match = self.match_of(self.clara)
        self.assertEqual(line.payment_line_id, match.credit_move_id)
        self.assertEqual(line.amount, match.amount)

    def test_decisions_are_not_moved(self):
        """What is open in a draft does not go over to a rollback that has left it."""
        draft = self.env[ROLLBACK].with_user(self.manager).create({})
        decision = self.env["reconciliation.rollback.difference"].with_user(
            self.manager
        )
        decision = decision.create(
            {
                "rollback_id": draft.id,
                "partner_id": self.clara.partner_id.id,
                "reason": "So it is",
            }
        )
        rollback = self.start()
        with self.assertRaisesRegex(UserError, rollback.name), undone(self.env):
            decision.rollback_id = rollback

    def test_numbers_are_chosen_among_open_payments(self):
        """The journal item of a payment is one, and is open."""
        self.matches_of(self.request).unlink()
        rollback = self.env[ROLLBACK].with_user(self.manager).create_from(self.request)
        line = rollback.line_ids
        for item in (
            self.item_of(self.david.capital_release_request),
            self.match_of(self.clara).credit_move_id,
        ):
            with self.assertRaises(UserError), undone(self.env):
                line.payment_line_id = item
        line.payment_line_id = self.item_of(self.payment.move_id)
        self.assertEqual(line.payment_partner_id, self.bruno.partner_id)


@tagged("post_install", "-at_install")
class TestFlags(AroundCase):
    """What our own code says to other code of ours, no client says."""

    def pay_with(self, **context):
        """Pay David's request; what was registered of it."""
        payment = self.book_payment(self.david.partner_id, 50)
        items = self.item_of(payment.move_id) | self.item_of(
            self.david.capital_release_request
        )
        items.with_context(**context).reconcile()
        return self.shares_of(self.david.partner_id)

    def test_register_stays_locked(self):
        rollback = self.start()
        line = self.env["subscription.register"].search(
            [("partner_id", "=", self.clara.partner_id.id)]
        )
        keys = {flags.HOLDER.key: rollback.id, flags.ACTION.key: True}
        with self.assertRaisesRegex(UserError, rollback.name):
            line.with_context(**keys).write({"quantity": 99})
        self.assertEqual(self.pay_with(**keys), [])
        self.assertEqual(
            rollback.postponed_ids.move_id, self.david.capital_release_request
        )

    def test_payments_are_registered(self):
        self.company.send_certificate_email = False
        shares = self.pay_with(**{flags.RESTORE.key: True, flags.REPLAY.key: True})
        self.assertEqual([line.quantity for line in shares], [1])

    def test_certificates_are_sent(self):
        self.switch_certificates_on()
        self.pay_with(**{flags.REPLAY.key: True})
        self.assertEqual(
            self.certificates_to(self.david.partner_id),
            [("First certificate", "outgoing")],
        )

    def test_evidence_stays(self):
        rollback = self.start()
        for value in (True, 1, "ACTION", [True], {"key": flags.ACTION.key}):
            forged = rollback.with_context(**{flags.ACTION.key: value})
            with self.assertRaisesRegex(UserError, rollback.name):
                forged.write({"state": "draft"})


@tagged("post_install", "-at_install")
class TestForgedMail(AroundCase):
    """Mail of others takes nobody's certificate's place, and shows nobody anything."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.switch_certificates_on()
        cls.employee = cls.make_user("employee", "base.group_user")

    def row_of_bruno(self, rollback):
        return rollback.mail_ids.filtered(
            lambda row: (
                row.partner_id == self.bruno.partner_id and row.kind == "certificate"
            )
        )

    def test_certificate_keeps_its_row(self):
        """Neither before it is made nor while it is held."""
        rollback = self.start()
        self.notify_bruno(rollback)
        self.assertEqual(self.row_of_bruno(rollback).state, "expected")
        self.run_jobs(rollback, until="make_match")
        certificate = self.row_of_bruno(rollback).mail_id.sudo()
        self.assertEqual(certificate.subject, "First certificate")
        self.notify_bruno(rollback)
        self.assertEqual(self.row_of_bruno(rollback).mail_id, certificate)
        self.run_jobs(rollback)
        self.assertDone(rollback)
        self.assertEqual(certificate.state, "outgoing")

    def notify_bruno(self, rollback):
        """What any internal user may: a message to Bruno, with keys of ours."""
        request = self.bruno.capital_release_request
        partner = self.employee.partner_id.with_user(self.employee)
        partner.with_context(
            **{
                flags.MAIL_ROW.key: self.row_of_bruno(rollback).id,
                flags.CERTIFICATE.key: True,
                flags.CERTIFICATE_REQUEST.key: request.id,
                "default_is_cooperator_certificate": True,
                "default_certificate_request_id": request.id,
                "default_reconciliation_rollback_id": rollback.id,
            }
        ).message_notify(
            body="Good morning",
            subject="Somebody else's",
            partner_ids=self.bruno.partner_id.ids,
        )
        # Odoo sends it at once: it is held all the same, and not lost
        mail = self.env["mail.mail"].search([("subject", "=", "Somebody else's")])
        self.assertEqual(set(mail.mapped("state")), {"rollback_held"})
        self.assertFalse(any(mail.mapped("is_cooperator_certificate")))

    def test_all_mail_of_the_company(self):
        """Another company's mail is neither held nor shown, others' is held unseen."""
        second = self.make_company("Second cooperative")
        berta = self.subscribe(BERTA, 1, self.share_x, company=second)
        theirs = self.env["mail.mail"].create(
            {
                "subject": "Salaries",
                "email_to": "karl@example.org",
                "model": "account.move",
                "res_id": berta.capital_release_request.id,
            }
        )
        to_berta = self.make_mail(berta.partner_id, "To Berta")
        reset = self.env["mail.mail"].create(
            {"subject": "Password reset", "email_to": "boss@example.org"}
        )
        ours = self.make_mail(self.clara.partner_id, "Illness")
        rollback = self.draft(mail_scope="all", user=self.user)
        rollback.action_plan()
        self.assertEqual(
            [
                (row.subject, row.email_to)
                for row in rollback.mail_ids
                if row.mail_id == ours
            ],
            [("Other mail of the company", False)],
        )
        others = theirs | to_berta | reset
        self.assertFalse(rollback.mail_ids.mail_id & others)

        row = rollback.mail_ids.filtered(lambda row: row.mail_id == ours)
        with self.assertRaisesRegex(AccessError, self.user.name):
            row.with_user(self.user).choice = "cancel"
        row.with_user(self.manager).choice = "cancel"
        self.tell_otherwise(rollback)
        rollback.with_user(self.manager).action_start()
        late = self.make_mail(berta.partner_id, "Late")
        self.assertEqual(ours.state, "rollback_held")
        self.assertEqual(set((others | late).mapped("state")), {"outgoing"})
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "done")
        self.assertEqual(ours.state, "cancel")

    def test_mail_about_the_other_company(self):
        """A person whom the rollback concerns gets the other company's mail as ever."""
        second = self.make_company("Second cooperative")
        subscription = self.subscribe(
            BERTA, 1, self.share_x, partner=self.bruno.partner_id, company=second
        )
        rollback = self.start()
        mail = self.make_mail(self.clara.partner_id)
        about = self.env["mail.mail"].create(
            {
                "subject": "Your request",
                "model": "account.move",
                "res_id": subscription.capital_release_request.id,
                "recipient_ids": [(6, 0, self.bruno.partner_id.ids)],
            }
        )
        self.assertEqual((mail | about).mapped("state"), ["outgoing", "outgoing"])
        self.assertNotIn(about, rollback.mail_ids.mail_id)


@tagged("post_install", "-at_install")
class TestOtherCompanies(AroundCase):
    """No field leads to another company's records."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.second = cls.make_company("Second cooperative")
        cls.berta = cls.subscribe(BERTA, 1, cls.share_x, company=cls.second)
        cls.stranger = cls.make_user(
            "stranger", "cooperator.cooperator_group_manager", companies=cls.second
        )
        cls.theirs = cls.berta.capital_release_request

    def assertNotChosen(self, attempt):
        """The refusal tells nothing of the record."""
        with self.assertRaises(UserError) as refusal, undone(self.env):
            attempt()
        sentence = str(refusal.exception)
        self.assertIn(self.company.name, sentence)
        for name in (self.theirs.name, BERTA.name, self.stranger.name):
            self.assertNotIn(name, sentence)

    def test_not_chosen(self):
        rollback = self.draft(user=self.user)
        line = rollback.line_ids
        rights = self.env["reconciliation.rollback.right"].with_user(self.user)
        lines = line.browse()
        match = {
            "rollback_id": rollback.id,
            "wrong_match_id": line.wrong_match_id.id,
        }
        item = self.item_of(self.theirs)
        for attempt in (
            lambda: line.write({"right_move_id": self.theirs.id}),
            lambda: (
                line.with_user(self.user)
                .sudo()
                .write({"right_move_id": self.theirs.id})
            ),
            lambda: line.with_user(self.user).write({"payment_line_id": item.id}),
            lambda: lines.create({**match, "right_move_id": self.theirs.id}),
            lambda: lines.with_context(default_right_move_id=self.theirs.id).create(
                match
            ),
            lambda: rights.create({"line_id": line.id, "move_id": self.theirs.id}),
            lambda: rollback.write({"user_id": self.stranger.id}),
        ):
            self.assertNotChosen(attempt)

    def test_only_requests_are_chosen(self):
        """An entry that is none is refused at once, not shown first."""
        rollback = self.draft(user=self.user)
        with self.assertRaisesRegex(UserError, self.payment.move_id.name):
            with undone(self.env):
                rollback.line_ids.right_move_id = self.payment.move_id

    def test_rows_of_earlier_releases_are_read(self):
        """They did not refuse it: the list still opens, and does not show whose it is."""
        rollback = self.draft(user=self.user)
        flush(self.env)
        self.env.cr.execute(
            "UPDATE reconciliation_rollback_line SET right_move_id = %s WHERE id = %s",
            (self.theirs.id, rollback.line_ids.id),
        )
        invalidate(self.env)
        (row,) = rollback.search_read(
            [("id", "=", rollback.id)], ["wrong_people", "right_people", "amount"]
        )
        self.assertEqual((row["wrong_people"], row["right_people"]), ("Alice Adam", ""))
        self.assertFalse(rollback.line_ids.right_partner_id)
        rollback.action_cancel()
        rollback.line_ids.read(["right_partner_id"])


@tagged("post_install", "-at_install")
class TestHtml(AroundCase):
    def test_dry_run_is_data(self):
        """What a dry run shows is drawn when it is read."""
        self.alice.partner_id.name = "<b>Alice</b>"
        rollback = self.draft()
        rollback.action_plan()
        self.bruno.partner_id.name = "<img src=x onerror=alert(1)>"
        self.bruno.capital_release_request.button_draft()
        rollback.action_dry_run()
        self.assertIn("is not posted", rollback.dry_run_html)
        self.assertNotIn("<img", rollback.dry_run_html)
        self.assertFalse(rollback._fields["dry_run_html"].store)
        for field in rollback._fields.values():
            self.assertFalse(field.type == "html" and field.store, field.name)
