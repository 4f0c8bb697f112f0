"""Records that cannot be deleted, since a rollback names them."""

from odoo import _
from odoo.exceptions import UserError

EVIDENCE = "reconciliation.rollback.evidence"


def check_not_named(records):
    """Check that no rollback names records that are about to be deleted.

    A cancelled rollback lets go of them, where it can be without.

    :param records: of any model
    :raises UserError: a rollback names one of them
    """
    NamedRecords(records).check()


class NamedRecords:
    """Records that rollbacks may name.

    :param records: of any model
    """

    def __init__(self, records):
        self.records = records
        self.env = records.env

    def check(self):
        """:raises UserError: a rollback names one of them"""
        for model, field in self._get_columns():
            # sudo: rollbacks of all companies, whoever deletes
            rows = self.env[model].sudo()
            for row in rows.search([(field.name, "in", self.records.ids)]):
                for rollback in row._get_rollbacks():
                    if rollback.state != "cancelled" or field.ondelete == "restrict":
                        self._refuse(row[field.name], rollback)

    def _get_columns(self):
        """The columns of evidence that name such records, as models and fields."""
        for name in sorted(self.env.registry.descendants([EVIDENCE], "_inherit")):
            if self.env[name]._abstract:
                continue
            for field in self.env[name]._fields.values():
                is_own = field.store and not field.related and field.type == "many2one"
                if is_own and field.comodel_name == self.records._name:
                    yield name, field

    def _refuse(self, record, rollback):
        names = {"record": record.display_name, "rollback": rollback.name}
        if rollback.state in ("draft", "planned"):
            raise UserError(
                _(
                    "%(record)s is named in %(rollback)s: open that and press Cancel "
                    "first.",
                    **names,
                )
            )
        if "active" in record._fields:
            raise UserError(
                _(
                    "%(record)s is named in %(rollback)s, which is kept as evidence: "
                    "archive it instead of deleting it.",
                    **names,
                )
            )
        raise UserError(
            _(
                "%(record)s is named in %(rollback)s, which is kept as evidence: cancel it "
                "instead of deleting it.",
                **names,
            )
        )
