"""Whatever happens to a register, its entries give it again, and nothing leaves them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests.common import BaseCase, tagged

from ...ledger.operation import CONVERSION, SELL_BACK, SUBSCRIPTION, TRANSFER
from ...ledger.register_memory import (
    CHANGED,
    ENTERED,
    REINSTATED,
    REMADE,
    STRUCK,
    RegisterLine,
    Remembered,
    find_events,
    get_event_movements,
    get_movements,
    read_register,
)

thorough = settings(max_examples=200, deadline=None, derandomize=True)
PEOPLE = ("Anna", "Bert", "Cleo")


@st.composite
def lines(draw, identity):
    """A register line of any kind."""
    kind = draw(st.sampled_from([SUBSCRIPTION, SELL_BACK, TRANSFER, CONVERSION]))
    line = RegisterLine(
        identity,
        draw(st.integers(1, 9)),
        kind,
        draw(st.sampled_from(PEOPLE)),
        "A",
        draw(st.integers(1, 5)),
        25,
        date(2026, 1, draw(st.integers(1, 3))),
    )
    if kind == TRANSFER:
        return replace(line, receiver=draw(st.sampled_from(PEOPLE)))
    if kind == CONVERSION:
        return replace(line, converted_type="B", converted_quantity=2)
    return line


class Memory:
    """What was remembered, kept as the database keeps it."""

    def __init__(self):
        self.entries = []
        self.known = {}

    def remember(self, register):
        before = len(self.entries)
        for event in find_events(self.known.values(), register.values()):
            if event.kind == ENTERED:
                entry = len(self.entries) + 1
                self.known[entry] = Remembered(entry, event.line)
                self.entries.append(replace(event, entry=entry))
                continue
            known = self.known[event.entry]
            if event.kind != REMADE:
                self.entries.append(event)
            self.known[event.entry] = {
                STRUCK: replace(known, is_struck=True),
                REINSTATED: replace(known, is_struck=False),
                CHANGED: replace(known, line=event.line),
                REMADE: replace(known, line=event.line),
            }[event.kind]
        return self.entries[before:]


@tagged("ledger")
class TestRegisterMemory(BaseCase):
    @thorough
    @given(st.data())
    def test_entries_give_the_register(self, data):
        """Lines are written, deleted, put back, written on and made again, in any order."""
        register, gone, memory = {}, [], Memory()
        balances = Counter()
        identity = 0
        for _round in range(data.draw(st.integers(1, 5))):
            for _act in range(data.draw(st.integers(0, 4))):
                act = data.draw(
                    st.sampled_from(["write", "delete", "back", "on", "again"])
                )
                if act == "write":
                    identity += 1
                    register[identity] = data.draw(lines(identity))
                elif act == "back" and gone:
                    line = gone.pop()
                    register.setdefault(line.id, line)
                elif register and act in ("delete", "on", "again"):
                    chosen = data.draw(st.sampled_from(sorted(register)))
                    line = register.pop(chosen)
                    if act == "delete":
                        gone.append(line)
                    elif act == "on":
                        register[chosen] = replace(line, number=line.number + 10)
                    else:
                        identity += 1
                        register[identity] = replace(line, id=identity)
            said = {number: known.line for number, known in memory.known.items()}
            added = memory.remember(register)
            for event in added:
                for one in get_event_movements(event, said.get(event.entry)):
                    balances[one.partner, one.share_type] += one.quantity
                said[event.entry] = event.line
            self.check(memory, register, balances)
        self.assertEqual(memory.remember(register), [])

    def check(self, memory, register, balances):
        words = Counter(line.content for line in read_register(memory.entries))
        assert words == Counter(line.content for line in register.values())
        held = Counter()
        for line in register.values():
            for one in get_movements(line):
                held[one.partner, one.share_type] += one.quantity
        assert {k: n for k, n in held.items() if n} == {
            k: n for k, n in balances.items() if n
        }
        valid = [known for known in memory.known.values() if not known.is_struck]
        assert {known.line.id for known in valid} == set(register)
