"""The chain of evidence of one company: adding to it, reading it, proving it."""

from odoo import fields

from ..books.query import read_table, select
from ..ledger import evidence_chain
from ..ledger import finding as kinds
from ..ledger.evidence_chain import Entry, Head, Link
from ..ledger.finding import Finding
from ..ledger.hash_chain import link
from ..tools.read_content import read_content
from .register_seals import RegisterSeals

FIX = "cooperator.register.fix"
SEAL = "cooperator.register.seal"
ROLLBACK = "reconciliation.rollback"
FIX_FIELDS = (
    "name",
    "company_id",
    "kind",
    "finding",
    "content",
    "choice",
    "reason",
    "user_id",
    "fixed_at",
    "before",
    "after",
)
ENTRY_FIELDS = (
    "state",
    "start_hash",
    "evidence_hash",
    "previous_hash",
    "revert_started_at",
    "revert_user_id",
)
# All hashes with which a rollback or fix may begin.
HASHES = """
    SELECT hash FROM cooperator_register_fix WHERE company_id = %(company)s
    UNION ALL
    SELECT unnest(ARRAY[start_hash, done_hash]) FROM reconciliation_rollback
    WHERE company_id = %(company)s
    UNION ALL
    SELECT unnest(ARRAY[hash, revert_hash]) FROM reconciliation_rollback_step
    WHERE company_id = %(company)s
"""
# so many rollbacks are read at once: each has texts of its own
BATCH = 50


class CompanyChain:
    """The chain of evidence through all rollbacks and fixes of one company.

    Each of them begins with the last hash of the one before it, as it was then. Each event
    has a numbered link, which covers the one before it. What is kept of the last one stands
    in the company's row of the register lock as well, where whoever takes links away has
    not looked.

    :param company: ``res.company``
    """

    def __init__(self, company):
        company.ensure_one()
        self.company = company
        self.env = company.env
        # sudo: the chain goes through all that the company has, whoever asks
        self.links = self.env["cooperator.evidence.link"].sudo()
        self.lock = self.env["cooperator.register.lock"].sudo()

    def append(self, event, record, record_hash):
        """Add a link for what has happened to a rollback or fix.

        :param event: see :mod:`..ledger.evidence_chain`
        :param record: ``reconciliation.rollback`` or ``cooperator.register.fix``
        :param record_hash: its hash now
        """
        at = fields.Datetime.now()
        made = evidence_chain.make_link(
            self._take_head(), event, name_record(record), record_hash, str(at)
        )
        self.links._by_action().create(
            {
                "company_id": self.company.id,
                "number": made.number,
                "event": event,
                "record": made.record,
                "record_hash": record_hash,
                "at": at,
                "hash": made.hash,
            }
        )
        self.lock._keep_head(self.company, Head(made.number, made.hash))

    def take(self):
        """Keep others from adding to the chain until the transaction ends."""
        self.lock._take_head(self.company)

    def _take_head(self):
        """Get the head for a new link, and keep others from it."""
        kept = self.lock._take_head(self.company)
        last = self.links.search(
            [("company_id", "=", self.company.id)], order="number desc", limit=1
        )
        # where either is gone, the new link shows it
        return max(kept, Head(last.number, last.hash or ""), key=lambda h: h.count)

    def find_last(self):
        """Find the rollback or fix that began last; maybe none."""
        last = self.links.search(
            [
                ("company_id", "=", self.company.id),
                ("event", "in", (evidence_chain.START, evidence_chain.FIX)),
            ],
            order="number desc",
            limit=1,
        )
        return last.record

    def load_links(self):
        """Load all links in their order, as :class:`~..ledger.evidence_chain.Link`."""
        names = ["number", "event", "record", "record_hash", "at", "hash"]
        rows = read_table(
            self.links, names, "company_id = %s", (self.company.id,), order="number"
        )
        return [
            Link(
                row.number,
                row.event,
                row.record,
                row.record_hash or "",
                str(row.at),
                row.hash or "",
            )
            for row in rows
        ]

    def find_breaks(self):
        """Find where the chain is broken, without looking into rollbacks and fixes.

        It takes a fixed number of queries.

        :return: a list of :class:`~..ledger.evidence_chain.Break`
        """
        return self._find_breaks(self.load_links())

    def _find_breaks(self, links):
        entries = self._load_entries()
        hashes = select(self.env, HASHES, {"company": self.company.id})
        return [
            *evidence_chain.find_breaks(links, self.lock._load_head(self.company)),
            *evidence_chain.find_other_records(links, entries),
            *evidence_chain.find_without_previous(
                entries, (row[0] for row in hashes if row[0])
            ),
        ]

    def _load_entries(self):
        """All that has links, as :class:`~..ledger.evidence_chain.Entry`."""
        rollbacks = read_table(
            self.env[ROLLBACK],
            ENTRY_FIELDS,
            "company_id = %s",
            (self.company.id,),
        )
        fixes = read_table(
            self.env[FIX],
            ["hash", "previous_hash"],
            "company_id = %s",
            (self.company.id,),
        )
        seals = read_table(
            self.env[SEAL], ["hash"], "company_id = %s", (self.company.id,)
        )
        return [
            *map(_make_entry, rollbacks),
            *(
                Entry(
                    "%s,%s" % (FIX, row.id),
                    row.hash or "",
                    previous_hash=row.previous_hash or "",
                )
                for row in fixes
            ),
            *(Entry("%s,%s" % (SEAL, row.id), row.hash or "") for row in seals),
        ]

    def find_findings(self):
        """Look at all links, and into all rollbacks and fixes.

        :return: a tuple of :class:`~..ledger.finding.Finding`
        """
        # sudo: see __init__
        rollbacks = self.env[ROLLBACK].sudo()
        started = rollbacks.search(
            [("company_id", "=", self.company.id), ("start_hash", "!=", False)],
            order="id",
        )
        found = [make_finding(one) for one in self.find_breaks()]
        for first in range(0, len(started), BATCH):
            # each batch is read with queries of its own, not with those of all
            batch = rollbacks.browse(started.ids[first : first + BATCH])
            for rollback, (changed, books) in batch._find_changes().items():
                if changed:
                    found.append(Finding(kinds.EVIDENCE_CHANGED, rollback=rollback.id))
                if books:
                    found.append(
                        Finding(kinds.EVIDENCE_BOOKS_CHANGED, rollback=rollback.id)
                    )
        fixes = self.env[FIX].sudo().search([("company_id", "=", self.company.id)])
        found += [
            Finding(kinds.EVIDENCE_CHANGED, fix=fix.id)
            for fix in find_changed_fixes(fixes)
        ]
        found += RegisterSeals(self.company).find_findings()
        return tuple(found)

    def has_break_at(self, record):
        """Whether a rollback or fix is not what its own links say."""
        return name_record(record) in {one.record for one in self.find_breaks()}

    def find_findings_of(self, record):
        """Find where the chain is broken at a rollback or fix, or before it.

        :param record: ``reconciliation.rollback`` or ``cooperator.register.fix``
        :return: a list of :class:`~..ledger.finding.Finding`
        """
        name = name_record(record)
        links = self.load_links()
        numbers = [one.number for one in links if one.record == name]
        last = max(numbers, default=0)
        return [
            make_finding(one)
            for one in self._find_breaks(links)
            if one.record == name
            or (one.kind in evidence_chain.OF_LINKS and one.first <= last)
        ]


def _make_entry(row):
    """The :class:`~..ledger.evidence_chain.Entry` of a rollback."""
    revert_hash = row.revert_started_at and evidence_chain.get_revert_hash(
        row.evidence_hash or row.start_hash, row.revert_started_at, row.revert_user_id
    )
    return Entry(
        "%s,%s" % (ROLLBACK, row.id),
        row.start_hash or "",
        row.evidence_hash or "",
        revert_hash or "",
        row.state,
        row.previous_hash or "",
    )


def name_record(record):
    """Name a rollback or fix as links do."""
    return "%s,%s" % (record._name, record.id)


def seal_fix(fix):
    """Chain a new fix to what is before it."""
    chain = CompanyChain(fix.company_id)
    chain.take()
    previous = chain.find_last()
    kept = previous._get_last_hash() if previous else False
    fix.write(
        {
            "previous_hash": kept,
            "hash": link(kept or "", _get_content(fix)),
        }
    )
    chain.append(evidence_chain.FIX, fix, fix.hash)


def find_changed_fixes(fixes):
    """Find the fixes that do not match their hash.

    :param fixes: ``cooperator.register.fix``
    """
    contents = read_content(fixes, FIX_FIELDS)
    return fixes.browse(
        [
            fix.id
            for fix, content in zip(fixes, contents)
            if link(fix.previous_hash or "", content) != fix.hash
        ]
    )


def _get_content(fix):
    (content,) = read_content(fix, FIX_FIELDS)
    return content


def describe_breaks(env, found):
    """Word where a chain is broken, in the language of an environment.

    :param found: :class:`~..ledger.evidence_chain.Break`, several
    """
    words = env["cooperator.register.finding"]
    return [words._describe(make_finding(one)) for one in found]


def make_finding(one):
    """Make the finding of a :class:`~..ledger.evidence_chain.Break`."""
    model, _comma, record = one.record.partition(",")
    return Finding(
        kinds.EVIDENCE_CHAIN_BROKEN,
        variant=one.kind,
        numbers=(one.first, one.last),
        rollback=int(record) if model == ROLLBACK else None,
        fix=int(record) if model == FIX else None,
        seal=int(record) if model == SEAL else None,
    )
