"""The books behind a rollback, as they were when it ended."""

from odoo import _
from odoo.tools.misc import format_date, formatLang

from ..books.query import select
from ..ledger.stored_json import EVIDENCE_BOOKS, dump, load

# The entries of a correction: its payment, its requests, and what was posted for it.
NAMED = """
    SELECT line.rollback_id, line.id AS line_id, part.move_id
    FROM reconciliation_rollback_line line
    LEFT JOIN reconciliation_rollback_right further ON further.line_id = line.id
    CROSS JOIN LATERAL (VALUES
        (line.payment_move_id), (line.wrong_move_id), (line.right_move_id),
        (further.move_id), (line.reclassification_move_id), (line.reversal_move_id)
    ) AS part (move_id)
    WHERE part.move_id IS NOT NULL
"""
ENTRIES = f"""
    SELECT
        named.rollback_id AS rollback,
        move.id,
        move.name,
        move.date,
        move.state,
        (SELECT sum(debit) FROM account_move_line WHERE move_id = move.id) AS amount
    FROM (SELECT DISTINCT rollback_id, move_id FROM ({NAMED}) all_named) named
    JOIN account_move move ON move.id = named.move_id
    WHERE named.rollback_id IN %(rollbacks)s
    ORDER BY move.id
"""
MATCHES = f"""
    WITH named AS (
        SELECT * FROM ({NAMED}) all_named WHERE rollback_id IN %(rollbacks)s
    )
    SELECT rollback, payment, request, sum(amount) AS amount
    FROM (
        SELECT DISTINCT
            payment.rollback_id AS rollback,
            payment.move_id AS payment,
            request.move_id AS request,
            match.id,
            match.amount
        FROM named payment
        JOIN account_move_line credit ON credit.move_id = payment.move_id
        JOIN account_partial_reconcile match ON match.credit_move_id = credit.id
        JOIN account_move_line debit ON debit.id = match.debit_move_id
        JOIN named request
            ON request.line_id = payment.line_id AND request.move_id = debit.move_id
    ) matched
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3
"""
# Entries that a rollback which started later concerns too.
CONCERNED_LATER = f"""
    SELECT DISTINCT named.rollback_id AS rollback, named.move_id AS move
    FROM ({NAMED}) named
    JOIN ({NAMED}) other
        ON other.move_id = named.move_id AND other.rollback_id != named.rollback_id
    JOIN cooperator_evidence_link own
        ON own.record = 'reconciliation.rollback,' || named.rollback_id
        AND own.event = 'start'
    JOIN cooperator_evidence_link later
        ON later.record = 'reconciliation.rollback,' || other.rollback_id
        AND later.event = 'start'
        AND later.number > own.number
    WHERE named.rollback_id IN %(rollbacks)s
"""


class EvidenceBooks:
    """What a rollback keeps of the entries and matches behind it.

    People may change them afterwards. That is no change of the evidence, but whoever
    proves it has to know.

    :param rollbacks: ``reconciliation.rollback``, some
    """

    def __init__(self, rollbacks):
        self.rollbacks = rollbacks
        self.env = rollbacks.env

    def keep(self):
        """Keep the books as they are now."""
        for rollback, value in self._load(self.rollbacks).items():
            rollback.evidence_books = dump(EVIDENCE_BOOKS, value)

    def find_changes(self):
        """Find the rollbacks behind which the books are not what they were.

        What a later rollback concerns too is left to that one.

        :return: sentences by rollback
        """
        kept = {
            rollback: load(EVIDENCE_BOOKS, rollback.evidence_books)
            for rollback in self.rollbacks
            if rollback.evidence_books and rollback.state in ("done", "reverted")
        }
        now = self._load(self.rollbacks.browse([one.id for one in kept]))
        changed = [one for one in kept if kept[one] != now[one]]
        later = self._load_concerned_later(self.rollbacks.browse(o.id for o in changed))
        found = {
            rollback: self._word(
                rollback, kept[rollback], now[rollback], later.get(rollback.id, set())
            )
            for rollback in changed
        }
        return {rollback: words for rollback, words in found.items() if words}

    def _load(self, rollbacks):
        """Load the entries and matches behind rollbacks, as JSON values."""
        values = {rollback: {"entries": {}, "matches": []} for rollback in rollbacks}
        if not values:
            return values
        parameters = {"rollbacks": rollbacks._ids}
        for row in select(self.env, ENTRIES, parameters):
            values[rollbacks.browse(row.rollback)]["entries"][str(row.id)] = {
                "name": row.name,
                "date": str(row.date),
                "state": row.state,
                "amount": float(row.amount or 0),
            }
        for row in select(self.env, MATCHES, parameters):
            values[rollbacks.browse(row.rollback)]["matches"].append(
                [row.payment, row.request, float(row.amount)]
            )
        return values

    def _load_concerned_later(self, rollbacks):
        """``{rollback's id: ids of entries that a later rollback concerns too}``"""
        concerned = {}
        if rollbacks:
            for row in select(self.env, CONCERNED_LATER, {"rollbacks": rollbacks._ids}):
                concerned.setdefault(row.rollback, set()).add(row.move)
        return concerned

    def _word(self, rollback, kept, now, later):
        """Put the differences in words, without those of entries in ``later``."""
        words = [
            word
            for key, entry in kept["entries"].items()
            if int(key) not in later
            for word in self._word_entry(rollback, entry, now["entries"].get(key))
        ]
        entries = {**now["entries"], **kept["entries"]}
        was, today = _get_matched(kept), _get_matched(now)
        for payment, request in sorted({*was, *today}):
            pair = (payment, request)
            if was.get(pair) == today.get(pair) or {*pair} & later:
                continue
            words.append(
                _(
                    "%(payment)s pays %(now)s of %(request)s, and paid %(kept)s",
                    payment=entries[str(payment)]["name"],
                    request=entries[str(request)]["name"],
                    now=self._word_amount(rollback, today.get(pair, 0)),
                    kept=self._word_amount(rollback, was.get(pair, 0)),
                )
            )
        return words and [
            _(
                "The accounting behind %(rollback)s is not what it was when that ended: "
                "%(changes)s.",
                rollback=rollback.name,
                changes="; ".join(words),
            )
        ]

    def _word_entry(self, rollback, kept, now):
        """Say how an entry differs from what was kept of it."""
        if now is None:
            return [_("%s is not there any more", kept["name"])]
        words = []
        if now["name"] != kept["name"]:
            words.append(
                _("%(kept)s is %(now)s now", kept=kept["name"], now=now["name"])
            )
        if now["date"] != kept["date"]:
            words.append(
                _(
                    "%(entry)s is of %(now)s, and was of %(kept)s",
                    entry=kept["name"],
                    now=format_date(self.env, now["date"]),
                    kept=format_date(self.env, kept["date"]),
                )
            )
        if now["amount"] != kept["amount"]:
            words.append(
                _(
                    "%(entry)s amounts to %(now)s, and was %(kept)s",
                    entry=kept["name"],
                    now=self._word_amount(rollback, now["amount"]),
                    kept=self._word_amount(rollback, kept["amount"]),
                )
            )
        if now["state"] != kept["state"]:
            labels = dict(
                self.env["account.move"]
                ._fields["state"]
                ._description_selection(self.env)
            )
            words.append(
                _(
                    "%(entry)s is in state %(state)s",
                    entry=kept["name"],
                    state=labels.get(now["state"], now["state"]),
                )
            )
        return words

    def _word_amount(self, rollback, amount):
        return formatLang(self.env, amount, currency_obj=rollback.currency_id)


def _get_matched(value):
    """``{(payment, request): amount}``"""
    return {(payment, request): amount for payment, request, amount in value["matches"]}
