"""The register that is remembered, compared with the one of today."""

from collections import Counter

from ..ledger.finding import CHANGED_BY_HAND, ENTRIES_CHANGED
from ..ledger.register_memory import (
    Event,
    RegisterLine,
    get_movements,
    read_register,
)
from ..services.register_memory import CONTENT, RegisterMemory
from .series import invalidate

ENTRY = "cooperator.register.entry"


class Remembered:
    """Mixed into a test case with a cooperative."""

    # whether people have shares that no operation gave
    has_openings = False

    def entries_of(self, company=None):
        """The register's entries, the first one first; what is new is entered before."""
        company = company or self.company
        company._remember_register()
        invalidate(self.env)
        return self.env[ENTRY].search([("company_id", "=", company.id)], order="number")

    def assertRemembered(self):
        """Read from the first entry on, entries give today's register and shares.

        :return: the entries
        """
        entries = self.entries_of()
        numbers = entries.mapped("number")
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        told = [
            Event(
                entry.event,
                self._make_line(entry, CONTENT),
                (entry.entry_id or entry).number,
            )
            for entry in entries
        ]
        lines = self.env["subscription.register"].search(
            [("company_id", "=", self.company.id)]
        )
        today = [self._make_line(line, self._get_names()) for line in lines]
        self.assertEqual(
            Counter(line.content for line in read_register(told)),
            Counter(line.content for line in today),
        )
        valid = entries.filtered(lambda e: e.event == "entered" and not e.is_struck)
        self.assertEqual(set(valid.mapped("register_line")), set(lines.ids))
        self.assertBalances()
        self.assertEqual(RegisterMemory(self.company).find_changed(), ())
        return entries

    def assertNothingByHand(self):
        """The register check finds that nobody has written on the register."""
        kinds = [finding.kind for finding in self.company._check_register()]
        self.assertNotIn(CHANGED_BY_HAND, kinds)
        self.assertNotIn(ENTRIES_CHANGED, kinds)

    def assertBalances(self):
        """What entries say that people have is what the operations have given them."""
        expected = Counter()
        for line in self.env["subscription.register"].search(
            [("company_id", "=", self.company.id)]
        ):
            for one in get_movements(self._make_line(line, self._get_names())):
                expected[one.partner, one.share_type] += one.quantity
        if not self.has_openings:
            self.assertEqual(self._get_positive(expected), self._get_replayed())
        balances = RegisterMemory(self.company).load_balances()
        self.assertEqual(self._get_positive(balances), self._get_positive(expected))

    def _get_positive(self, quantities):
        return {key: number for key, number in quantities.items() if number}

    def _get_replayed(self):
        """What the register gives to everybody, by partner and share type."""
        register = self.company._load_register()
        people = {partner for one in register.operations for partner in one.partners}
        replayed = self.company._replay_holdings(
            self.env["res.partner"].browse(people), register.numbers
        )
        held = Counter()
        for partner, holding in replayed.items():
            for line in holding.lines:
                held[partner, line.share_type] += line.quantity
        return self._get_positive(held)

    def _get_names(self):
        return {
            **dict.fromkeys(CONTENT),
            "operation_number": "register_number_operation",
            "kind": "type",
            "partner_id": "partner_id",
            "share_type_id": "share_product_id",
            "quantity": "quantity",
            "unit_price": "share_unit_price",
            "date": "date",
            "receiver_id": "partner_id_to",
            "converted_type_id": "share_to_product_id",
            "converted_quantity": "quantity_to",
        }

    def _make_line(self, record, names):
        """A line of the ledger from an entry or a register line."""
        values = []
        for name in CONTENT:
            value = record[names[name] if names is not CONTENT else name]
            values.append(getattr(value, "id", value) or None)
        line = getattr(record, "register_line", record.id)
        return RegisterLine(line, *values)
