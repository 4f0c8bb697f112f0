"""A cooperative whose manager presses the buttons of findings."""

from odoo.exceptions import UserError

from .fixtures.compared_rows import HEAD, WRITTEN, Comparison, differences
from .register_check_case import RegisterCheckCase
from .series import invalidate

# Odoo writes on some records without changing them, and each fix is chained
CHANGED = Comparison(left_out=WRITTEN, left_out_of={"cooperator_register_lock": HEAD})


class RegisterFixCase(RegisterCheckCase):
    """Findings are fixed as a manager does it, in the wizard that the button opens."""

    def open_fix(self, finding, user=None):
        """The wizard that the finding's button opens."""
        finding = finding.with_user(user or self.manager)
        action = finding.action_mend()
        self.assertEqual(action["res_model"], "cooperator.register.fix.wizard")
        self.assertEqual(action["target"], "new")
        return finding.env[action["res_model"]].browse(action["res_id"])

    def choose(self, wizard, words):
        """Choose the only possibility that has these words."""
        option = wizard.option_ids.filtered(lambda option: words in option.name)
        self.assertEqual(len(option), 1, wizard.option_ids.mapped("name"))
        wizard.option_id = option

    def fix(self, finding, words=None, **values):
        """Fix a finding.

        :param words: of the possibility to choose; the first one by default
        :param values: of the wizard
        :return: what is kept of it
        """
        wizard = self.open_fix(finding)
        if words:
            self.choose(wizard, words)
        wizard.write(values)
        outcome = wizard.outcome
        fixes = self.env["cooperator.register.fix"]
        known = fixes.search([])
        found = finding.description, finding.kind
        wizard.action_apply()
        invalidate(self.env)
        fix = fixes.search([]) - known
        self.assertEqual(len(fix), 1)
        self.assertEqual((fix.finding, fix.kind), found)
        self.assertEqual(fix.choice, outcome)
        self.assertEqual(fix.user_id, self.manager)
        self.assertEqual(fix.company_id, self.company)
        self.assertEqual(fix.reason or False, values.get("reason", False))
        self.assertEqual(fix._find_tampering(), [])
        return fix

    def assertFixed(self, finding, *changed, words=None, **values):
        """The button fixes the finding, all is right then, and nothing else has changed.

        :param changed: tables, or ``sequences``, in which something has changed
        :return: what is kept of it
        """
        before = self.books()
        fix = self.fix(finding, words, **values)
        self.assertFalse(finding.exists())
        self.assertFinds()
        sentences = differences(before, self.books(), CHANGED)
        tables = {sentence.split(":")[0] for sentence in sentences}
        self.assertEqual(tables, set(changed), sentences)
        return fix

    def assertNotFixed(self, sentence, finding, words=None, **values):
        """The wizard refuses, and nothing has changed.

        :param sentence: a regular expression
        """
        wizard = self.open_fix(finding)
        if words:
            self.choose(wizard, words)
        wizard.write(values)
        self.refuse(sentence, wizard)
        self.assertTrue(finding.exists())
        return wizard

    def refuse(self, sentence, wizard):
        fixes = self.env["cooperator.register.fix"]
        known, before = fixes.search([]), self.books()
        with self.assertRaisesRegex(UserError, sentence):
            # what a refused request has written is rolled back
            with self.env.cr.savepoint():
                wizard.action_apply()
        invalidate(self.env)
        self.assertEqual(fixes.search([]), known)
        self.assertBooksEqual(before)
