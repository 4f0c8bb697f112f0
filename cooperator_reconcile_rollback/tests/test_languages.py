"""People read in their own language what a rollback tells them."""

from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..ledger.finding import OTHER_PAYER
from .common import MistakeCase
from .documents import Documents
from .series import flush, invalidate

FRENCH = "fr_FR"
DUTCH = "nl_NL"


@tagged("post_install", "-at_install")
class TestLanguages(Documents, MistakeCase):
    @classmethod
    def set_up_books(cls):
        for code in (FRENCH, DUTCH):
            cls.env["res.lang"]._activate_lang(code)
            for name in ("queue_job_config", "cooperator_reconcile_rollback"):
                module = cls.env.ref("base.module_%s" % name)
                module._update_translations([code])
        super().set_up_books()

    def make_draft(self, lang):
        self.manager.lang = lang
        return self.draft_rollback(
            self.alice.capital_release_request, self.bruno
        ).with_context(lang=lang)

    def make_failed(self, lang):
        """A rollback that only a person can put right: the right request is a draft."""
        rollback = self.make_draft(lang)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback, until="reset_membership")
        self.bruno.capital_release_request.button_draft()
        self.run_jobs(rollback)
        self.assertEqual(rollback.state, "failed")
        return rollback

    def name_of_request(self, lang):
        request = self.bruno.capital_release_request
        return request.with_context(lang=lang).display_name

    def said(self, activity):
        return " ".join(html.fromstring(activity.note).text_content().split())

    def plain(self, text):
        """French has no-break spaces before its colons."""
        return text.replace("\xa0", " ")

    def test_failure_in_french(self):
        rollback = self.make_failed(FRENCH)
        request = self.name_of_request(FRENCH)
        error = f"{request} de {self.bruno.partner_id.name} n'est pas comptabilisée"
        step = rollback.step_ids.filtered(lambda s: s.kind == "make_match")
        self.assertIn(error, self.plain(step.error))
        activity = rollback.activity_ids
        self.assertEqual(activity.summary, f"{rollback.name} a échoué")
        note = self.plain(self.said(activity))
        for words in (
            f"{rollback.name} n'a pas pu continuer à l'étape 8 (Faire le bon lettrage)",
            error,
            "comptabilisez-la d'abord",
            "cliquez sur Réessayer",
        ):
            self.assertIn(words, note)

    def test_failure_in_dutch(self):
        rollback = self.make_failed(DUTCH)
        request = self.name_of_request(DUTCH)
        error = f"{request} van {self.bruno.partner_id.name} is niet geboekt"
        step = rollback.step_ids.filtered(lambda s: s.kind == "make_match")
        self.assertIn(error, step.error)
        activity = rollback.activity_ids
        self.assertEqual(activity.summary, f"{rollback.name} is mislukt")
        note = self.said(activity)
        for words in (
            f"{rollback.name} kon niet verder bij stap 8 (De juiste aflettering maken)",
            error,
            "boek het eerst",
            "klik dan op Opnieuw proberen",
        ):
            self.assertIn(words, note)

    def test_failed_verification(self):
        """Whatever a step finds is said in that language, sentence by sentence."""
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        rollback.action_start()
        self.run_jobs(rollback, until="make_match")
        self.set_next_numbers(self.company, (1010, 510))
        self.run_jobs(rollback)
        step = rollback.step_ids.filtered(lambda s: s.kind == "verify")
        self.assertIn(
            "La séquence register.operation continue à 1010 au lieu de", step.error
        )

    def test_jobs(self):
        """Whoever looks after the jobs reads what they are in the same language."""
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        rollback.action_start()
        names = [self.plain(name) for name in self.jobs_of(rollback).mapped("name")]
        self.assertIn(f"{rollback.name}, étape 4 : Supprimer les parts", names)

    def test_waiting_problem(self):
        """The form says it in the language of whoever looks at it."""
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        rollback.action_start()
        jobs = self.jobs_of(rollback)
        jobs.write({"due_since": fields.Datetime.now() - timedelta(minutes=5)})
        flush(self.env)
        self.env.cr.execute("UPDATE queue_job SET date_started = NULL")
        invalidate(self.env)
        for lang, words in (
            (FRENCH, "personne ne les exécute"),
            (DUTCH, "niemand voert ze uit"),
            ("en_US", "nobody runs them"),
        ):
            problem = rollback.with_context(lang=lang).waiting_problem
            self.assertIn(words, self.plain(problem))

    def test_waiting_for_another_attempt(self):
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        rollback.action_start()
        job = self.jobs_of(rollback)[0]
        job.write(
            {
                "state": "failed",
                "exc_message": "no space left",
                "next_attempt": fields.Datetime.now(),
            }
        )
        flush(self.env)
        invalidate(self.env)
        for lang, words in (
            (FRENCH, "L'étape 1 (Retenir les courriels) n'a pas pu continuer"),
            (DUTCH, "Stap 1 (E-mails tegenhouden) kon niet verder"),
        ):
            problem = rollback.with_context(lang=lang).waiting_problem
            self.assertIn(words, self.plain(problem))
            self.assertIn("no space left", problem)

    def test_refusals(self):
        """In the language of the user who acts, whoever is responsible."""
        draft = self.make_draft(FRENCH)
        self.pay(self.bruno)
        person = self.bruno.partner_id.name
        for lang, words in (
            (
                FRENCH,
                f"de {person} est déjà payée : choisissez une demande encore ouverte.",
            ),
            (DUTCH, f"van {person} is al betaald: kies een verzoek dat nog openstaat."),
        ):
            with self.assertRaises(UserError) as refusal:
                draft.with_context(lang=lang).action_plan()
            self.assertEqual(
                self.plain(refusal.exception.args[0]),
                f"{self.name_of_request(lang)} {words}",
            )

    def test_refused_start(self):
        draft = self.make_draft(FRENCH)
        draft.action_plan()
        self.user.lang = FRENCH
        with self.assertRaises(UserError) as refusal:
            draft.with_user(self.user).with_context(lang=FRENCH).action_start()
        self.assertEqual(
            self.plain(refusal.exception.args[0]),
            f"{self.user.name} peut préparer des corrections : demandez à un gestionnaire "
            f"des coopérateurs d'exécuter {draft.name}.",
        )

    def test_plan_and_verification(self):
        """The form itself, with the state that the search shows."""
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        for lang, words in (
            (FRENCH, ("Registre des opérations", "Numéro de coopérateur", "est créée")),
            (DUTCH, ("Verrichtingenregister", "Coöperantnummer", "wordt gemaakt")),
        ):
            for expected in words:
                self.assertIn(expected, rollback.with_context(lang=lang).plan_html)
        rollback.action_start()
        self.run_jobs(rollback)
        self.assertDone(rollback)
        for lang, words in (
            (FRENCH, "Aucun numéro n'est attribué deux fois."),
            (DUTCH, "Geen enkel nummer is tweemaal toegekend."),
        ):
            text = html.fromstring(
                rollback.with_context(lang=lang).verification_html
            ).text_content()
            self.assertIn(words, text)
        states = rollback.fields_get(["state"])["state"]["selection"]
        self.assertIn(("done", "Terminée"), states)

    def test_notice(self):
        """Whoever got a wrong certificate is told so in a language of his own."""
        self.company.send_certificate_email = True
        self.alice.partner_id.lang = FRENCH
        rollback = self.make_draft(DUTCH)
        rollback.action_plan()
        row = rollback.mail_ids.filtered(lambda row: row.kind == "notice")
        self.assertEqual(
            row.subject, "Uw coöperantcertificaat werd bij vergissing verstuurd"
        )
        row.choice = "send"
        rollback.action_start()
        self.run_jobs(rollback, until="clear_mail")
        self.assertEqual(
            row.subject, "Votre certificat de coopérateur a été envoyé par erreur"
        )
        self.assertIn("Ce certificat n'est pas valable", row.sudo().mail_id.body_html)

    def test_register_check(self):
        """A finding is worded for whoever reads it."""
        check = self.env["cooperator.register.check"]._get_check(self.company)
        check.action_check()
        finding = check.finding_ids.filtered(lambda f: f.kind == OTHER_PAYER)
        for lang, words, kind in (
            (FRENCH, "est payée par", "Paiement de quelqu'un d'autre"),
            (DUTCH, "is betaald met", "Betaling van iemand anders"),
        ):
            finding = finding.with_context(lang=lang)
            self.assertIn(words, finding.description)
            self.assertEqual(dict(finding._get_kinds())[finding.kind], kind)

    def test_spreadsheet(self):
        """Its sheets have names that spreadsheets take, each another one."""
        rollback = self.make_draft(FRENCH)
        rollback.action_plan()
        register = self.env["reconciliation.rollback.register"].create({"state": "all"})
        for lang, names in (
            (FRENCH, ["Corrections", "Lettrages", "Opérations", "Personnes"]),
            (DUTCH, ["Terugdraaiingen", "Afletteringen", "Verrichtingen", "Personen"]),
        ):
            book = self.export(
                "corrections_register_xlsx", register.with_context(lang=lang)
            )
            self.assertTrue(set(names) <= set(book.sheetnames), book.sheetnames)
