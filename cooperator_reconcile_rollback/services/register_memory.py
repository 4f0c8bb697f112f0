"""The register that keeps what was ever in it: adding entries, and checking them."""

import json
from collections import Counter
from decimal import Decimal
from itertools import chain

from psycopg2 import sql

from odoo import fields

from ..books.query import read_table, select
from ..ledger import register_memory as events
from ..ledger.hash_chain import link
from ..ledger.register_memory import (
    RegisterLine,
    Remembered,
    find_events,
    get_event_movements,
)
from ..tools import series

ENTRY = "cooperator.register.entry"
# What a line says: column of the register by column of the entry, in the order of RegisterLine.
CONTENT = {
    "operation_number": "register_number_operation",
    "kind": "type",
    "partner_id": "partner_id",
    "share_type_id": "share_product_id",
    "quantity": "COALESCE(quantity, 0)",
    "unit_price": "COALESCE(share_unit_price, 0)",
    "date": "date",
    "receiver_id": "partner_id_to",
    "converted_type_id": "share_to_product_id",
    "converted_quantity": "COALESCE(quantity_to, 0)",
}
# of these nothing is the same as 0
NUMBERS = ("quantity", "unit_price", "converted_quantity")
LATEST = ", ".join(
    f"COALESCE(latest.{name}, 0) AS {name}" if name in NUMBERS else f"latest.{name}"
    for name in CONTENT
)
KEPT = f"""
    SELECT
        entered.number AS entry, entered.register_line, entered.is_struck, {LATEST}
    FROM cooperator_register_entry entered
    JOIN cooperator_register_entry latest
        ON latest.id = COALESCE(entered.latest_id, entered.id)
    WHERE entered.company_id = %(company)s AND entered.event = 'entered'
"""
LINES = f"""
    SELECT id, {", ".join(f"{column} AS {name}" for name, column in CONTENT.items())}
    FROM subscription_register WHERE company_id = %(company)s
"""
# Lines that are not what was remembered of them, and what was remembered of lines that are
# not there.
DIFFERENT = f"""
    WITH kept AS ({KEPT} AND NOT entered.is_struck), line AS ({LINES})
    SELECT line.id AS line_id,
        {", ".join(f"line.{name} AS line_{name}" for name in CONTENT)}, kept.*
    FROM line FULL JOIN kept ON kept.register_line = line.id
    WHERE line.id IS NULL OR kept.entry IS NULL
        OR ({", ".join(f"line.{name}" for name in CONTENT)})
            IS DISTINCT FROM ({", ".join(f"kept.{name}" for name in CONTENT)})
"""
STRUCK_LINES = f"""
    {KEPT} AND entered.is_struck AND entered.register_line = ANY(%(lines)s)
    ORDER BY entered.number
"""
# What everybody has by the entries.
BALANCES = f"""
    WITH kept AS ({KEPT} AND NOT entered.is_struck)
    SELECT partner, share_type, sum(quantity) AS quantity FROM (
        SELECT
            partner_id AS partner, share_type_id AS share_type,
            CASE kind WHEN 'subscription' THEN quantity ELSE -quantity END AS quantity
        FROM kept
        UNION ALL
        SELECT receiver_id, share_type_id, quantity FROM kept WHERE kind = 'transfer'
        UNION ALL
        SELECT partner_id, converted_type_id, converted_quantity FROM kept
        WHERE kind = 'convert'
    ) movement
    GROUP BY partner, share_type
"""
MADE_FROM = """
    SELECT
        line.id, line.capital_release_request_id AS request,
        date_trunc('second', line.create_date) AS at,
        COALESCE(person.name, author.name) AS author, move.name AS move,
        line.operation_request_id AS operation_request
    FROM subscription_register line
    LEFT JOIN account_move move ON move.id = line.capital_release_request_id
    LEFT JOIN res_users responsible ON responsible.id = line.user_id
    LEFT JOIN res_partner person ON person.id = responsible.partner_id
    LEFT JOIN res_users creator ON creator.id = line.create_uid
    LEFT JOIN res_partner author ON author.id = creator.partner_id
    WHERE line.id = ANY(%s)
"""
PAID = """
    SELECT
        debit.move_id AS request, max(payment.date) AS paid_on,
        sum(match.amount) AS amount,
        string_agg(DISTINCT payment.name, ', ') AS payment
    FROM account_move_line debit
    JOIN account_partial_reconcile match ON match.debit_move_id = debit.id
    JOIN account_move_line credit ON credit.id = match.credit_move_id
    JOIN account_move payment ON payment.id = credit.move_id
    WHERE debit.move_id = ANY(%s)
    GROUP BY debit.move_id
"""
# What an entry says for good, beside its number and what it is of.
FROZEN = (
    *("event", "entered_at", "entered_by", "operation_number", "kind", "date", "name"),
    *("member_number", "address", "company_number", "receiver_name"),
    *("receiver_number", "share_class", "quantity", "unit_price", "amount"),
    *("converted_class", "converted_quantity", "ground", "paid_on", "paid_amount"),
    *("payment", "balance", "other_balance", "class_total", "other_total"),
    "member_count",
    "correction",
)
# of a line that is struck, changed or comes back, these stay as they were written
COPIED = (
    *("name", "member_number", "address", "company_number", "receiver_name"),
    *("receiver_number", "share_class", "converted_class", "ground", "paid_on"),
    *("paid_amount", "payment"),
)
COLUMNS = (
    *("company_id", "number", "register_line", "entry_id", "replaces_id"),
    *("rollback_id", "request_id", "hash", "is_struck", "partner_id", "receiver_id"),
    *("share_type_id", "converted_type_id", *FROZEN),
)
# so many entries are written at once
BATCH = 2000


class RegisterMemory:
    """All that was ever in a company's register.

    Payments do not wait for it: it is brought up to date before and after whatever takes
    lines away, each night, and when somebody looks.

    :param company: ``res.company``
    """

    def __init__(self, company):
        company.ensure_one()
        self.company = company
        self.env = company.env
        # sudo: who removes a line by hand knows nothing of entries
        self.entries = self.env[ENTRY].sudo()

    # ------------------------------------------------------------------ adding

    def remember(self, correction=None):
        """Add an entry for each thing that has happened since the last time.

        :param correction: the ``reconciliation.rollback`` or ``cooperator.register.fix``
            that did it; what nothing did was done by hand
        """
        found = self._find_events()
        if not found:
            return
        check = self.env["cooperator.register.check"]._get_check(self.company).sudo()
        count, previous = check._take_entries()
        writer = EntryWriter(self, correction)
        check._keep_entries(*writer.add(found, count, previous))
        series.invalidate_all(self.entries)

    def _find_events(self):
        remembered, lines = [], []
        for row in select(self.env, DIFFERENT, {"company": self.company.id}):
            if row.entry is not None:
                remembered.append(_make_remembered(row))
            if row.line_id is not None:
                values = [getattr(row, f"line_{name}") for name in CONTENT]
                lines.append(RegisterLine(row.line_id, *values))
        valid = {one.line.id for one in remembered}
        new = [line.id for line in lines if line.id not in valid]
        parameters = {"company": self.company.id, "lines": new}
        if new:
            remembered += map(
                _make_remembered, select(self.env, STRUCK_LINES, parameters)
            )
        return find_events(remembered, lines)

    def load_balances(self):
        """Load what everybody has by the entries.

        :return: quantity by partner id and share type id
        """
        rows = select(self.env, BALANCES, {"company": self.company.id})
        return Counter({(row.partner, row.share_type): row.quantity for row in rows})

    # ---------------------------------------------------------------- checking

    def find_changed(self):
        """Find the entries that are not what their hash says, and those that are gone.

        :return: their numbers, in order
        """
        count, last = (
            self.env["cooperator.register.check"]
            ._get_check(self.company)
            .sudo()
            ._load_entries()
        )
        found, previous, expected = [], "", 1
        for number, content, kept in self.load_contents():
            found += range(expected, number)
            computed = link(previous, content)
            if computed != kept:
                found.append(number)
            previous, expected = kept, number + 1
        found += range(expected, count + 1)
        if not found and count and previous != last:
            found.append(count)
        return tuple(found)

    def load_contents(self):
        """Load what hashes cover, as ``(number, content, hash)``, in their order."""
        numbers = {}
        rows = read_table(
            self.entries,
            ["number", "entry_id", "replaces_id", "hash", *FROZEN],
            "company_id = %s",
            (self.company.id,),
            order="number",
        )
        for row in rows:
            numbers[row.id] = row.number
            values = {name: getattr(row, name) for name in FROZEN}
            yield (
                row.number,
                _get_content(
                    values,
                    row.number,
                    numbers.get(row.entry_id),
                    numbers.get(row.replaces_id),
                ),
                row.hash,
            )


class EntryWriter:
    """Writes the entries of one time.

    :param memory: :class:`RegisterMemory`
    :param correction: see :meth:`RegisterMemory.remember`
    """

    def __init__(self, memory, correction):
        self.memory = memory
        self.env = memory.env
        self.company = memory.company
        self.correction = correction
        self.now = fields.Datetime.now()
        self.balances = memory.load_balances()
        self.totals, self.held = Counter(), Counter()
        for (partner, share_type), quantity in self.balances.items():
            self.totals[share_type] += quantity
            self.held[partner] += quantity
        self.member_count = sum(quantity > 0 for quantity in self.held.values())

    def add(self, found, count, previous):
        """Write an entry for each event but those that need none.

        :param found: of :func:`~..ledger.register_memory.find_events`
        :param count: how many entries there are
        :param previous: the hash of the last one
        :return: both afterwards
        """
        self._load(found)
        told = [event for event in found if event.kind != events.REMADE]
        self._note(
            "register_line",
            {
                self.ids[event.entry]: event.line.id
                for event in found
                if event.kind == events.REMADE
            },
        )
        for first in range(0, len(told), BATCH):
            batch = told[first : first + BATCH]
            count, previous = self._write_batch(batch, count, previous)
        return count, previous

    def _write_batch(self, batch, count, previous):
        rows = []
        for number, event in enumerate(batch, start=count + 1):
            replaces = self.replaced.get(event.line.id)
            values = self._get_values(event)
            previous = link(
                previous, _get_content(values, number, event.entry, replaces)
            )
            rows.append(
                {
                    **values,
                    "company_id": self.company.id,
                    "number": number,
                    "register_line": event.line.id,
                    "entry_id": self.ids.get(event.entry),
                    "replaces_id": self.ids.get(replaces),
                    "rollback_id": self._get_rollback_id(),
                    "request_id": self._get_request(event),
                    "hash": previous,
                    "is_struck": False,
                    "partner_id": event.line.partner,
                    "receiver_id": event.line.receiver,
                    "share_type_id": event.line.share_type,
                    "converted_type_id": event.line.converted_type,
                }
            )
        made = self._insert(rows)
        self._annotate(batch, [made[row["number"]] for row in rows])
        self._note(
            "replaced_by_id",
            {
                row["replaces_id"]: made[row["number"]]
                for row in rows
                if row["replaces_id"]
            },
        )
        return count + len(batch), previous

    def _insert(self, rows):
        """Insert rows; through the ORM a register of years would take many minutes.

        :return: id by number
        """
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        query = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM "
            "jsonb_populate_recordset(NULL::{table}, %s::jsonb) RETURNING number, id"
        ).format(table=sql.Identifier(self.memory.entries._table), columns=columns)
        self.env.cr.execute(query, (json.dumps(rows, default=str),))
        return dict(self.env.cr.fetchall())

    def _annotate(self, batch, made):
        """Note on the entries of lines what has become of these.

        :param made: the id of the entry of each event
        """
        struck, latest, replaced = {}, {}, {}
        for event, entry in zip(batch, made):
            if event.kind == events.CHANGED:
                latest[self.ids[event.entry]] = entry
            elif event.kind != events.ENTERED:
                struck[self.ids[event.entry]] = event.kind == events.STRUCK
            if event.kind == events.REINSTATED:
                replaced[self.ids[event.entry]] = None
        self._note("latest_id", latest)
        self._note("is_struck", struck)
        self._note("replaced_by_id", replaced)

    def _note(self, name, values):
        """Set a column of entries.

        :param values: value by entry's id
        """
        if not values:
            return
        rows = [{"id": entry, name: value} for entry, value in values.items()]
        query = sql.SQL(
            "UPDATE {table} entry SET {column} = noted.{column} FROM "
            "jsonb_populate_recordset(NULL::{table}, %s::jsonb) noted "
            "WHERE entry.id = noted.id"
        ).format(
            table=sql.Identifier(self.memory.entries._table),
            column=sql.Identifier(name),
        )
        self.env.cr.execute(query, (json.dumps(rows),))

    # ------------------------------------------------------------------ values

    def _get_values(self, event):
        """What an entry says for good, as JSON values."""
        line = event.line
        if event.kind == events.ENTERED:
            values = {**self._get_people(line), **self._get_source(line)}
        else:
            kept = self.kept[self.latest[event.entry]]
            values = {name: getattr(kept, name) for name in COPIED}
            values.update(entered_at=self.now, entered_by=self._get_author())
        if event.kind == events.CHANGED:
            values.update(self._get_people(line))
        correction = self.correction and self.correction.name
        if event.kind == events.ENTERED and not self._is_by_rollback():
            # a fix gives a line its number, and does not enter it
            correction = None
        values.update(
            event=event.kind,
            operation_number=line.number,
            kind=line.kind,
            date=line.date,
            quantity=line.quantity,
            unit_price=line.price,
            amount=line.price * line.quantity,
            converted_quantity=line.converted_quantity or None,
            correction=correction or None,
            **self._move_shares(event),
        )
        return {name: _to_json(values.get(name)) for name in FROZEN}

    def _get_people(self, line):
        person, receiver = self.people[line.partner], self.people.get(line.receiver)
        return {
            "name": person["name"],
            "member_number": self.numbers.get(line.partner),
            "address": person["address"],
            "company_number": person["company_number"],
            "receiver_name": receiver and receiver["name"],
            "receiver_number": self.numbers.get(line.receiver),
            "share_class": self.classes.get(line.share_type),
            "converted_class": self.classes.get(line.converted_type),
        }

    def _get_source(self, line):
        source = self.sources[line.id]
        paid = self.paid.get(source.request)
        ground = source.move
        if source.operation_request:
            ground = "operation.request,%s" % source.operation_request
        return {
            "entered_at": source.at,
            "entered_by": source.author,
            "ground": ground,
            "paid_on": paid and paid.paid_on,
            "paid_amount": paid and paid.amount,
            "payment": paid and paid.payment,
        }

    def _move_shares(self, event):
        """Let an event change what people have, and say what they have then."""
        line = event.line
        before = None
        if event.kind == events.CHANGED:
            kept = self.kept[self.latest[event.entry]]
            before = RegisterLine(
                line.id,
                *(
                    getattr(kept, name) or (0 if name in NUMBERS else None)
                    for name in CONTENT
                ),
            )
        for one in get_event_movements(event, before):
            had = self.held[one.partner] > 0
            self.balances[one.partner, one.share_type] += one.quantity
            self.totals[one.share_type] += one.quantity
            self.held[one.partner] += one.quantity
            self.member_count += (self.held[one.partner] > 0) - had
        other, other_total = None, None
        if line.receiver:
            other = self.balances[line.receiver, line.share_type]
        elif line.converted_type:
            other = self.balances[line.partner, line.converted_type]
            other_total = self.totals[line.converted_type]
        return {
            "balance": self.balances[line.partner, line.share_type],
            "other_balance": other,
            "class_total": self.totals[line.share_type],
            "other_total": other_total,
            "member_count": self.member_count,
        }

    def _is_by_rollback(self):
        return bool(self.correction) and (
            self.correction._name == "reconciliation.rollback"
        )

    def _get_rollback_id(self):
        return self.correction.id if self._is_by_rollback() else None

    def _get_author(self):
        """Who has corrected it."""
        if not self._is_by_rollback():
            return self.env.user.name
        rollback = self.correction
        return (rollback.revert_user_id or rollback.start_user_id).name

    def _get_request(self, event):
        if event.kind == events.ENTERED:
            return self.sources[event.line.id].request
        return self.requests[event.entry]

    # ----------------------------------------------------------------- reading

    def _load(self, found):
        """Load all that the entries of ``found`` say, with a fixed number of queries."""
        concerned = sorted({event.entry for event in found} - {None})
        rows = read_table(
            self.memory.entries,
            ["number", "latest_id", "request_id"],
            "company_id = %s AND number = ANY(%s)",
            (self.company.id, concerned),
        )
        self.ids = {row.number: row.id for row in rows}
        self.latest = {row.number: row.latest_id or row.id for row in rows}
        self.requests = {row.number: row.request_id for row in rows}
        latest = read_table(
            self.memory.entries,
            [*CONTENT, *COPIED],
            "id = ANY(%s)",
            (sorted(self.latest.values()),),
        )
        self.kept = {row.id: row for row in latest}
        said = [e.line for e in found if e.kind in (events.ENTERED, events.CHANGED)]
        new = [event.line for event in found if event.kind == events.ENTERED]
        self._load_sources([line.id for line in new])
        self._load_people(
            {*chain.from_iterable((one.partner, one.receiver) for one in said)} - {None}
        )
        self.classes = self._load_classes(said)
        self.replaced = self._pair(found)

    def _load_sources(self, lines):
        rows = select(self.env, MADE_FROM, (lines,))
        self.sources = {row.id: row for row in rows}
        requests = sorted({row.request for row in rows} - {None})
        paid = select(self.env, PAID, (requests,))
        self.paid = {row.request: row for row in paid}

    def _load_people(self, partners):
        rows = read_table(
            self.env["res.partner"],
            [*("name", "street", "zip", "city", "country_id", "is_company", "vat")]
            + ["company_register_number"],
            "id = ANY(%s)",
            (sorted(partners),),
        )
        # sudo: names of countries are everybody's
        countries = self.env["res.country"].sudo()
        countries = countries.browse({row.country_id for row in rows} - {None})
        names = {country.id: country.name for country in countries}
        self.people = {
            row.id: {
                "name": row.name,
                "address": _join(
                    row.street,
                    _join(row.zip, row.city, by=" "),
                    names.get(row.country_id),
                ),
                "company_number": row.is_company
                and (row.company_register_number or row.vat),
            }
            for row in rows
        }
        memberships = read_table(
            self.env["cooperative.membership"],
            ["partner_id", "cooperator_register_number"],
            "company_id = %s AND partner_id = ANY(%s)",
            (self.company.id, sorted(partners)),
        )
        self.numbers = {
            row.partner_id: row.cooperator_register_number or None
            for row in memberships
        }

    def _load_classes(self, lines):
        types = {one.share_type for one in lines} | {
            one.converted_type for one in lines
        }
        # sudo: who removes a line by hand need not see products
        products = self.env["product.product"].sudo().browse(sorted(types - {None}))
        return {one.id: one.short_name or one.name for one in products}

    def _pair(self, found):
        """Find what the lines that a rollback has made stand for.

        :return: number of the struck entry by new line's id
        """
        if not self._is_by_rollback():
            return {}
        struck = {
            self.requests[event.entry]: event.entry
            for event in found
            if event.kind == events.STRUCK and self.requests[event.entry]
        }
        replaced = {}
        for line in self.correction.line_ids:
            for right in line._get_right_moves():
                replaced.setdefault(right.id, struck.get(line.wrong_move_id.id))
        return {
            event.line.id: replaced.get(self.sources[event.line.id].request)
            for event in found
            if event.kind == events.ENTERED
        }


def _make_remembered(row):
    values = [getattr(row, name) for name in CONTENT]
    return Remembered(
        row.entry, RegisterLine(row.register_line, *values), row.is_struck
    )


def _get_content(values, number, entry, replaces):
    """What the hash of an entry covers.

    :param values: by name of ``FROZEN``
    :param number: its number
    :param entry: the number of the entry that it happens to
    :param replaces: the number of the entry that it stands for
    """
    content = {name: _to_json(values[name]) for name in FROZEN}
    return {**content, "number": number, "entry": entry, "replaces": replaces}


def _to_json(value):
    """A value as it is stored, whether it was just made or read again.

    >>> from decimal import Decimal
    >>> _to_json(Decimal("75.00")) == _to_json(Decimal("75")), _to_json(False), _to_json("")
    (True, None, None)
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, (float, Decimal)):
        return str(Decimal(value).quantize(Decimal("0.000001")))
    if isinstance(value, (int, str)):
        return value
    return str(value)


def _join(*words, by=", "):
    return by.join(filter(None, words))
