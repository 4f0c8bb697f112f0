"""What a step may change, read before it and after it."""

import re
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping

from ..ledger.row_difference import difference


class Names:
    """What people call records, each asked for once.

    A deletion makes Odoo forget all that it has read: a step that shows its records
    before and after would ask twice.
    """

    def __init__(self, env):
        self.env = env
        self._known = {}

    def of(self, model, ids, name="display_name"):
        """Names by id, and ``False`` for no id.

        :param ids: of existing records; ``None`` among them is no record
        :param name: the field to read
        """
        known = self._known.setdefault((model, name), {None: False})
        asked = self.env[model].browse(sorted(set(ids) - known.keys()))
        known.update((record.id, record[name]) for record in asked)
        return known


@dataclass(frozen=True)
class Reading:
    """The rows and sequences that a step may change, at one moment.

    :param names: shared by the readings of one step
    :param parameters: of the rows' SQL conditions
    :param rows: ``{model: {id: row}}``, see :mod:`~..books.row_journal`
    :param sequences: next number by code
    """

    names: Names
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    sequences: Mapping[str, int] = field(default_factory=dict)

    def get_rows(self, model):
        """The model's rows in the order of their ids."""
        return [row for _id, row in sorted(self.rows[model].items())]

    def is_same(self, after: "Reading") -> bool:
        """Whether nothing is different in ``after``."""
        return (self.rows, self.sequences) == (after.rows, after.sequences)

    def compare(self, after: "Reading") -> Dict[str, Any]:
        """What undoing the way from this reading to ``after`` needs, as JSON values."""
        kept: Dict[str, Any] = {}
        if self.rows:
            kept["rows"] = {
                model: difference(rows, after.rows[model])
                for model, rows in self.rows.items()
            }
        if self.sequences:
            kept["sequences"] = dict(self.sequences)
        return kept


def get_parameter_names(conditions):
    """The names of the parameters that SQL conditions use.

    :param conditions: SQL condition by model

    >>> sorted(get_parameter_names({"a": "x = %(company)s", "b": "y = ANY(%(moves)s)"}))
    ['company', 'moves']
    """
    return set(re.findall(r"%\((\w+)\)s", " ".join(conditions.values())))
