"""Who may write which field, by hand and in whatever way: the tables say it, all is tried."""

from odoo.tests import tagged

from ..services.register_seals import RegisterSeals
from . import access_matrix
from .builders import CLARA
from .common import MistakeCase

ROLLBACK = "reconciliation.rollback"
LINE = "reconciliation.rollback.line"
RIGHT = "reconciliation.rollback.right"
DIFFERENCE = "reconciliation.rollback.difference"
MAIL = "reconciliation.rollback.mail"
STEP = "reconciliation.rollback.step"
POSTPONED = "reconciliation.rollback.postponed"
FIX = "cooperator.register.fix"
LINK = "cooperator.evidence.link"
ENTRY = "cooperator.register.entry"
SEAL = "cooperator.register.seal"
EVIDENCE = "reconciliation.rollback.evidence"

# The fields that people write, by state of the rollback. All others are written by its
# actions and steps alone; so is everything of the models that have no row.
BY_USERS = {
    ROLLBACK: {
        "draft": "user_id note mail_scope reason numbering member_numbering cascade "
        "decided_by decision_date decision_reference",
        "planned": "user_id note mail_scope decided_by decision_date "
        "decision_reference",
    },
    LINE: {
        "draft": "right_move_id right_number operation_request_outcome "
        "is_invoice_reversed",
    },
    RIGHT: {"draft": "line_id sequence move_id"},
    MAIL: {"planned": "choice told_on told_how"},
}
BY_NOBODY = {STEP, POSTPONED, FIX, LINK, ENTRY, SEAL}
BY_MANAGERS = {
    ROLLBACK: {"draft": "override_reason"},
    DIFFERENCE: {"draft": "rollback_id partner_id choice reason"},
}
# What can be set when a record is made, beyond what is written in a draft.
AT_CREATION = {
    ROLLBACK: "company_id",
    LINE: "rollback_id wrong_match_id",
    DIFFERENCE: "",
    RIGHT: "",
}
# What is said of it is decided by the record that it is about.
NOT_ALONE = {LINE: {"payment_line_id"}}


class MatrixCase(MistakeCase):
    """A rollback with one record of every kind that a draft can have."""

    @classmethod
    def set_up_books(cls):
        super().set_up_books()
        cls.clara = cls.subscribe(CLARA, 1, cls.share_x)
        cls.switch_certificates_on()

    def setUp(self):
        super().setUp()
        self.rollback = self.draft_rollback(self.request, self.bruno)
        (self.line,) = self.rollback.line_ids
        right = {"line_id": self.line.id, "move_id": self.bruno_request.id}
        self.right = self.env[RIGHT].create(right)
        self.difference = (
            self.env[DIFFERENCE].with_user(self.manager).create(self.base(DIFFERENCE))
        )

    @property
    def bruno_request(self):
        return self.bruno.capital_release_request

    def base(self, model):
        """What a new record of a draft needs."""
        return {
            ROLLBACK: {},
            LINE: {
                "rollback_id": self.rollback.id,
                "wrong_match_id": self.line.wrong_match_id.id,
            },
            RIGHT: {"line_id": self.line.id, "move_id": self.bruno_request.id},
            DIFFERENCE: {
                "rollback_id": self.rollback.id,
                "partner_id": self.flora.partner_id.id,
                "reason": "Found so",
            },
        }[model]

    def values(self, model):
        """What may be written, where not every value does."""
        return {
            ROLLBACK: {
                "user_id": self.user.id,
                "company_id": self.company.id,
                # the last one is for managers
                "numbering": "append",
            },
            LINE: {
                "right_move_id": self.bruno_request.id,
                "rollback_id": self.rollback.id,
                "wrong_match_id": self.line.wrong_match_id.id,
            },
            RIGHT: {"move_id": self.bruno_request.id, "line_id": self.line.id},
            # the last ones are for notices
            MAIL: {"choice": "cancel"},
            DIFFERENCE: {
                "rollback_id": self.rollback.id,
                "partner_id": self.alice.partner_id.id,
            },
        }.get(model, {})

    def start(self):
        """Start the rollback; somebody pays meanwhile."""
        self.right.exists().unlink()
        self.difference.exists().unlink()
        if self.rollback.state == "draft":
            self.rollback.action_plan()
        self.tell_otherwise(self.rollback)
        self.rollback.action_start()
        self.pay(self.clara)
        RegisterSeals(self.company).seal()

    def samples(self):
        """One record of each kind of evidence that there is now, by model."""
        rollback = self.rollback
        found = {
            ROLLBACK: rollback,
            LINE: self.line,
            RIGHT: self.right.exists(),
            DIFFERENCE: self.difference.exists(),
            MAIL: rollback.mail_ids[:1],
            STEP: rollback.step_ids[:1],
            POSTPONED: rollback.postponed_ids[:1],
            **{
                model: self.env[model].search(
                    [("company_id", "=", self.company.id)], limit=1
                )
                for model in (LINK, ENTRY, SEAL)
            },
        }
        return {model: record for model, record in found.items() if record}


def names(text):
    return set(text.split())


@tagged("post_install", "-at_install")
class TestAccessMatrix(MatrixCase):
    def may_write(self, model, state, user):
        allowed = names(BY_USERS.get(model, {}).get(state, ""))
        if user == self.manager:
            allowed |= names(BY_MANAGERS.get(model, {}).get(state, ""))
        return allowed

    def check_writes(self, state):
        self.assertEqual(self.rollback.state, state)
        for model, record in self.samples().items():
            for user in (self.user, self.manager):
                with self.subTest(model=model, state=state, user=user.login):
                    written = access_matrix.find_written(
                        record.with_user(user), self.values(model)
                    )
                    self.assertEqual(written, self.may_write(model, state, user))

    def test_every_kind_of_evidence_has_a_row(self):
        """A model without one is new: say above who may write what of it."""
        registry = self.env.registry
        evidence = {
            name
            for name, model in registry.items()
            if issubclass(model, registry[EVIDENCE]) and not model._abstract
        }
        self.assertEqual(evidence, {*BY_USERS, *BY_MANAGERS, *BY_NOBODY})

    def test_writing(self):
        """Before the start, and of a rollback under way or ended nothing at all."""
        self.check_writes("draft")
        self.right.unlink()
        self.difference.unlink()
        self.rollback.action_plan()
        self.check_writes("planned")
        self.start()
        self.check_writes("running")
        # past all rights there is still the rule of the evidence
        for model, record in self.samples().items():
            written = access_matrix.find_written(record.sudo(), self.values(model))
            self.assertEqual(written, set(), model)

    def test_creating(self):
        """With the values that a form has, and no others."""
        self.difference.unlink()
        for model in AT_CREATION:
            for user in (self.user, self.manager):
                if model == DIFFERENCE and user == self.user:
                    continue
                with self.subTest(model=model, user=user.login):
                    expected = self.may_write(model, "draft", user)
                    expected |= names(AT_CREATION[model])
                    created = access_matrix.find_created(
                        self.env[model].with_user(user),
                        self.base(model),
                        self.values(model),
                    )
                    expected -= self.base(model).keys()
                    self.assertEqual(created - NOT_ALONE.get(model, set()), expected)

    def test_defaults(self):
        """A default of a context or of a user writes no more than what may be written."""
        self.difference.unlink()
        for set_defaults in (self.by_context, self.by_stored_defaults):
            for model in AT_CREATION:
                with self.subTest(model=model, way=set_defaults.__name__):
                    allowed = self.may_write(model, "draft", self.manager)
                    allowed |= names(AT_CREATION[model])
                    defaulted = access_matrix.find_defaulted(
                        self.env[model].with_user(self.manager),
                        self.base(model),
                        self.values(model),
                        set_defaults,
                    )
                    self.assertLessEqual(defaulted, allowed)

    @staticmethod
    def by_context(model, defaults):
        keys = {f"default_{name}": value for name, value in defaults.items()}
        return model.with_context(**keys)

    @staticmethod
    def by_stored_defaults(model, defaults):
        for name, value in defaults.items():
            if not isinstance(value, list):
                model.env["ir.default"].set(model._name, name, value, user_id=True)
        return model

    def test_imports(self):
        """An import makes what a form makes, and no more."""
        self.start()
        rollbacks = self.env[ROLLBACK].with_user(self.manager)
        for heading, row in (
            (["state"], ["Done"]),
            (["start_hash"], ["0" * 64]),
            (["mail_held"], ["True"]),
            ([".id", "note"], [str(self.rollback.id), "Tried"]),
            (
                [".id", "line_ids/.id", "line_ids/right_number"],
                [str(self.rollback.id), str(self.line.id), "7"],
            ),
        ):
            with self.subTest(heading=heading):
                self.assertFalse(rollbacks.load(heading, [row])["ids"])
        lines = self.env[LINE].with_user(self.manager)
        heading = ["rollback_id/.id", "wrong_match_id/.id"]
        row = [str(self.rollback.id), str(self.line.wrong_match_id.id)]
        self.assertFalse(lines.load(heading, [row])["ids"])

    def test_copies(self):
        """A copy is a plain draft, or none."""
        self.start()
        copy = self.rollback.with_user(self.manager).copy()
        self.assertEqual(copy.state, "draft")
        for name in ("plan", "start_hash", "started_at", "mail_held", "line_ids"):
            self.assertFalse(copy[name], name)
        for model, record in self.samples().items():
            if model != ROLLBACK:
                with self.subTest(model=model):
                    self.assertTrue(
                        access_matrix.is_refused(self.env, record.sudo().copy)
                    )

    def test_nested_commands(self):
        """A record is not reached through another one either, whatever that is."""
        self.start()
        samples = self.samples()
        draft = self.env[ROLLBACK].create({})
        line = {"rollback_id": draft.id, "wrong_match_id": self.line.wrong_match_id.id}
        parents = {
            ROLLBACK: draft,
            LINE: self.env[LINE].create(line),
            "account.move": self.clara.capital_release_request,
            ENTRY: samples[ENTRY],
        }
        tried = set()
        for model, name, child in self.find_ways(samples):
            tried.add(model)
            parent = parents[model].sudo()
            commands = [
                (1, child.id, {"rollback_id": draft.id}),
                (2, child.id),
                (3, child.id),
                (4, child.id),
            ]
            if model == "account.move":
                commands.append((0, 0, self.base(child._name)))
            for command in commands:
                with self.subTest(model=model, field=name, command=command):
                    self.assertTrue(
                        access_matrix.is_refused(
                            self.env,
                            lambda p=parent, n=name, c=command: p.write({n: [c]}),
                        )
                    )
        self.assertLessEqual({ROLLBACK, "account.move"}, tried)

    def find_ways(self, samples):
        """The fields that lead to evidence, as ``(model, field, record it leads to)``."""
        return [
            (model._name, name, samples[field.comodel_name])
            for model in self.env.registry.values()
            if not model._abstract and not model._transient
            for name, field in model._fields.items()
            if field.type == "one2many"
            and not field.related
            and field.comodel_name in samples
        ]
