"""Every refusal says what to do next, and that exists."""

import ast
import re
from pathlib import Path

from lxml import etree

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

ADDON = Path(__file__).parents[1]

MODEL = "reconciliation.rollback"

EXCEPTIONS = {"AccessError", "UserError", "ValidationError"}

#: Buttons that a sentence may name, after "press".
BUTTONS = (
    "Apply",
    "Back to draft",
    "Cancel",
    "Check now",
    "Plan",
    "Register again",
    "Retry",
    "Revert",
    "Start",
)

#: Menus that a sentence may name, with those above them where they are far away.
MENUS = (
    "Apps",
    "Register check",
    "Register of corrections",
    "Settings > Technical > Sequences",
    "Settings > Technical > System Parameters",
    "Subscription Register",
)

#: Pages and fields of a rollback that a sentence may name, after "under" or "untick".
PLACES = (
    "Later operations",
    "Number to take",
    "Override",
    "Payments meanwhile",
    "Reverse its entry",
)

#: What somebody can do without being told where.
ACTS = (
    r"\b(archive|cancel) it instead\b",
    r"\bask (a cooperator manager|one)\b",
    r"\bchoose (a|an|another|one|the|those|what) ",
    r"\bchoose %\(next\)s",
    r"\bcorrect (it|the match) with a new rollback",
    r"\b(cancel|post|withdraw) (it|that|that refund) first",
    r"\bremove (that match|this correction|what was matched|one of them)",
    r"\bstart from (the|another|what)",
    r"\btry (again)",
    r"\btype in the",
    r"\buse (its|the) buttons?",
    r"\b(give a|write the) reason",
)

#: Functions whose sentences are raised, or said about what was, by others.
MADE = (
    ("models/reconciliation_rollback_postponed.py", "_word_failure"),
    ("services/step_jobs.py", "_word_advice"),
    ("services/step_jobs.py", "word_lost"),
    ("services/wording.py", "problem"),
)

#: Files that raise the sentences of these functions.
JOINING = {"services/planner.py"}


def read_sources():
    """The add-on's Python files with their trees, by their paths in it."""
    for path in sorted(ADDON.rglob("*.py")):
        name = path.relative_to(ADDON).as_posix()
        if not name.startswith(("tests/", "migrations/")):
            yield name, ast.parse(path.read_text())


def find_messages(node):
    """The sentences that an expression can be; ``None`` for one that is made elsewhere."""
    if isinstance(node, ast.IfExp):
        return [*find_messages(node.body), *find_messages(node.orelse)]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
        return [node.args[0].value]
    return [None]


def find_raised(tree):
    """The sentences that a file raises, as :func:`find_messages` gives them."""
    for node in ast.walk(tree):
        call = isinstance(node, ast.Raise) and node.exc
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in EXCEPTIONS:
            yield from find_messages(call.args[0])


def find_translated(tree, function):
    """The sentences in a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for call in ast.walk(node):
                if isinstance(call, ast.Call):
                    yield from filter(None, find_messages(call))


def find_refusals():
    """All sentences that refuse something, as pairs of a file and a sentence."""
    sources = dict(read_sources())
    for name, tree in sources.items():
        for sentence in find_raised(tree):
            if sentence is not None:
                yield name, sentence
    for name, function in MADE:
        for sentence in find_translated(sources[name], function):
            yield name, sentence


def find_next_step(sentence):
    """What a sentence tells to do; ``None`` where it tells nothing."""
    named = "|".join(map(re.escape, BUTTONS))
    menus = "|".join(map(re.escape, MENUS))
    places = "|".join(map(re.escape, PLACES))
    patterns = (
        rf"\b[Pp]ress ({named})\b",
        rf"\b(under|open|menu|from the menu|in the menu) (the )?(?i:{menus})\b",
        rf"\b(under|untick) ({places})\b",
        # an act can also begin a sentence
        *(f"(?i:{act})" for act in ACTS),
    )
    found = filter(None, (re.search(pattern, sentence) for pattern in patterns))
    return next((one.group() for one in found), None)


@tagged("post_install", "-at_install")
class TestNextSteps(TransactionCase):
    def test_each_refusal_has_one(self):
        refusals = list(find_refusals())
        self.assertGreater(len(refusals), 50)
        without = [one for one in refusals if not find_next_step(one[1])]
        self.assertEqual(without, [])

    def test_no_refusal_is_made_elsewhere(self):
        """Sentences that are put together have to be known here to be looked at."""
        joining = {name for name, tree in read_sources() if None in find_raised(tree)}
        self.assertEqual(joining, JOINING)

    def test_nobody_is_sent_away(self):
        """Whoever reads a refusal is told what to do, not only whom to ask."""
        for name, sentence in find_refusals():
            for words in ("whoever", "a system administrator"):
                self.assertNotIn(words, sentence, name)

    def test_buttons_are_known(self):
        """What is pressed is one of the buttons, with its whole name."""
        named = "|".join(map(re.escape, BUTTONS))
        for name, sentence in find_refusals():
            for pressed in re.findall(r"\b[Pp]ress ([A-Z].{0,20})", sentence):
                self.assertRegex(pressed, rf"^({named})\b", name)

    def test_buttons_exist(self):
        self.assertLessEqual(set(BUTTONS), self.find_labels("button"))

    def test_places_exist(self):
        fields = self.env["ir.model.fields"].search(
            [("model", "in", (MODEL, MODEL + ".line"))]
        )
        labels = self.find_labels("page") | set(fields.mapped("field_description"))
        self.assertLessEqual(set(PLACES), labels)

    def test_menus_exist(self):
        # whether or not this user sees them
        menus = self.env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
        paths = [menu.complete_name.split("/") for menu in menus.search([])]
        for menu in MENUS:
            names = menu.split(" > ")
            self.assertTrue(any(self.is_way(names, path) for path in paths), menu)

    def is_way(self, names, path):
        """Whether ``path`` leads over ``names`` to the last of them."""
        steps = iter(path)
        return path[-1] == names[-1] and all(name in steps for name in names)

    def find_labels(self, tag):
        """What elements are called in the views of the add-on and of cooperator."""
        labels = set()
        for addon in (ADDON, Path(get_module_path("cooperator"))):
            for path in addon.rglob("*_view*.xml"):
                labels |= set(etree.parse(str(path)).xpath(f"//{tag}/@string"))
        return labels
