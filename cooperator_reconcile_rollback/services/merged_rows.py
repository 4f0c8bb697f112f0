"""Stored rows and values after partners were merged: who they name became others.

As for plans, see :mod:`~..ledger.merged_partners`: what is stored is never rewritten.
"""

from ..ledger.merged_partners import replace_cells

PARTNER = "res.partner"


class MergedRows:
    """Reads what steps have stored for the partners that there are today.

    :param survivors: who partners became, id by former id; others stay
    """

    def __init__(self, env, survivors):
        self.env = env
        self.survivors = survivors

    def read_kept(self, kept):
        """What undoes a step, see ``ReconciliationRollbackStep._get_kept``."""
        if not self.survivors:
            return kept
        read = dict(kept)
        if "rows" in kept:
            read["rows"] = {
                model: self._read_difference(model, rows)
                for model, rows in kept["rows"].items()
            }
        if "payers" in kept:
            read["payers"] = [
                [model, record, self._read_row(model, values)]
                for model, record, values in kept["payers"]
            ]
        return read

    def read_batch(self, batch):
        """Later operations that were taken back."""
        if not self.survivors:
            return batch
        read = dict(batch)
        if "rows" in batch:
            read["rows"] = [
                self._read_row("subscription.register", row) for row in batch["rows"]
            ]
        if "numbers" in batch:
            read["numbers"] = [
                [self.survivors.get(partner, partner), number]
                for partner, number in batch["numbers"]
            ]
        return read

    def _read_difference(self, model, rows):
        return {
            name: [self._read_row(model, one) for one in changes]
            if name in ("deleted", "changed")
            else changes
            for name, changes in rows.items()
        }

    def _read_row(self, model, row):
        names = [
            name
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one" and field.comodel_name == PARTNER
        ]
        return replace_cells(row, tuple(names), self.survivors)
