"""What every release stored is read, and stays the same when it is stored again."""

import json
from pathlib import Path

from odoo.tests.common import BaseCase, tagged

from ...ledger import finding
from ...ledger.plan_json import from_json, is_same_plan, to_json
from ...ledger.stored_json import BATCH, KEPT, SNAPSHOT, load

SAMPLES = Path(__file__).parent.parent / "samples"
#: Each step's fields with stored values, by kind of value.
STORED = {"batch": BATCH, "kept": KEPT, "before": SNAPSHOT, "after": SNAPSHOT}


@tagged("ledger")
class TestSamples(BaseCase):
    """See ``samples/README.rst`` for how they were made."""

    def each_sample(self):
        """Yield the values of each rollback of each release."""
        paths = sorted(SAMPLES.glob("*/*.json"))
        self.assertTrue(paths)
        for path in paths:
            if path.stem != "findings":
                with self.subTest(release=path.parent.name, rollback=path.stem):
                    yield json.loads(path.read_text())

    def test_plans(self):
        for sample in self.each_sample():
            text = json.dumps(sample["plan"])
            plan = from_json(text)
            self.assertTrue(plan.removed)
            self.assertTrue(plan.changes)
            self.assertEqual(from_json(to_json(plan)), plan)
            self.assertTrue(is_same_plan(text, plan))
            again = json.loads(to_json(plan))
            for name, value in sample["plan"].items():
                self.assertContains(again[name], value)

    def assertContains(self, value, sample):
        """All that the release stored is still there."""
        if isinstance(sample, dict):
            for name in sample:
                self.assertContains(value[name], sample[name])
        elif isinstance(sample, list):
            self.assertEqual(len(value), len(sample))
            for pair in zip(value, sample):
                self.assertContains(*pair)
        else:
            self.assertEqual(value, sample)

    def test_steps(self):
        for sample in self.each_sample():
            for step in sample["steps"]:
                for name, kind in STORED.items():
                    if step[name] is not None:
                        value = load(kind, json.dumps(step[name]))
                        self.assertEqual(value, self.get_expected(step[name]))

    def get_expected(self, stored):
        """What the sample's value is in today's shape."""
        expected = {name: stored[name] for name in stored if name != "version"}
        if "values" in expected:
            # of fields; the ORM reads an empty one as False
            expected["rows"] = [
                {name: None if cell is False else cell for name, cell in row.items()}
                for row in expected.pop("values")
            ]
        return expected

    def test_findings(self):
        for path in sorted(SAMPLES.glob("*/findings.json")):
            for content in json.loads(path.read_text()):
                text = json.dumps(content)
                found = finding.from_json(text)
                self.assertTrue(found.severity)
                self.assertEqual(finding.from_json(finding.to_json(found)), found)
