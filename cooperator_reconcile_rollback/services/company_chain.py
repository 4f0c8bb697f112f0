from odoo import _

from ..ledger.hash_chain import link
from ..tools.read_content import read_content

FIX = "cooperator.register.fix"
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


class CompanyChain:
    """The chain of hashes through all rollbacks and fixes of one company.

    Each of them begins with the last hash of the one before it, as it was then: a rollback
    at its start, a fix when it is applied.

    :param company: ``res.company``
    """

    def __init__(self, company):
        self.env = company.env
        self.domain = [("company_id", "=", company.id)]
        # sudo: the chain goes through all that the company has, whoever asks
        self.rollbacks = self.env["reconciliation.rollback"].sudo()
        self.fixes = self.env[FIX].sudo()

    def find_last(self, entry):
        """Find the last rollback or fix before one that begins now.

        :param entry: ``reconciliation.rollback`` or ``cooperator.register.fix``
        :return: one of these, maybe none
        """
        started = [*self.domain, ("start_hash", "!=", False)]
        applied = self.domain
        if entry._name == FIX:
            applied = [*applied, ("id", "!=", entry.id)]
        else:
            started += [
                ("id", "!=", entry.id),
                ("started_at", "<=", entry.started_at),
            ]
        rollback = self.rollbacks.search(
            started, order="started_at desc, id desc", limit=1
        )
        fix = self.fixes.search(applied, order="id desc", limit=1)
        if not fix or not rollback:
            return fix or rollback
        if fix.fixed_at == rollback.started_at:
            # within one second, the one that begins with the other's hash
            return rollback if rollback.previous_hash == fix.hash else fix
        return fix if fix.fixed_at > rollback.started_at else rollback

    def find_wrong_previous(self, entry):
        """Follow the chain back from an entry, to the rollback before it.

        :param entry: ``reconciliation.rollback`` or ``cooperator.register.fix``
        :return: sentences, none where nothing was changed
        """
        found, previous = self._find_wrong_link(entry)
        while not found and previous._name == FIX and previous:
            if not is_unchanged(previous):
                return [_("%s is not what was kept of it.", previous.name)]
            found, previous = self._find_wrong_link(previous)
        return found

    def find_tampering(self, fix):
        """Compute the hashes of a fix and of what is before it again.

        :return: what was changed behind Odoo's back, in sentences; empty where nothing was
        """
        if not is_unchanged(fix):
            return [_("%s is not what was kept of it.", fix.name)]
        return self.find_wrong_previous(fix)

    def _find_wrong_link(self, entry):
        """Compare an entry with the one before it.

        :return: sentences, and the entry before
        """
        previous = self._find_by_hash(entry.previous_hash)
        if entry.previous_hash and not previous:
            sentence = _(
                "The rollback or fix before %s is missing, or not what it was then.",
                entry.name,
            )
            return [sentence], previous
        return [
            self._word_inserted(other, entry)
            for other in self._find_inserted(previous, entry)
        ], previous

    def _word_inserted(self, other, entry):
        return _(
            "%(other)s stands before %(entry)s, but was not there then.",
            other=other.name,
            entry=entry.name,
        )

    def _find_by_hash(self, kept):
        """Find the rollback or fix that has a hash; maybe none."""
        fix = self.fixes.search([*self.domain, ("hash", "=", kept or "")], limit=1)
        return fix or self.rollbacks.search(
            [
                *self.domain,
                *("|", "|", "|"),
                ("start_hash", "=", kept or ""),
                ("done_hash", "=", kept or ""),
                ("step_ids.hash", "=", kept or ""),
                ("step_ids.revert_hash", "=", kept or ""),
            ],
            limit=1,
        )

    def _find_inserted(self, previous, entry):
        """Find the fixes that came between an entry and the one before it.

        Those that begin with a hash of the same one as well, and those that are between by
        their time.
        """
        beside = [
            *self.domain,
            ("previous_hash", "in", _get_hashes(previous)),
        ]
        between = [*self.domain, ("fixed_at", "<", _get_moment(entry))]
        if previous:
            between.append(("fixed_at", ">", _get_moment(previous)))
        fixes = self.fixes.search(beside) | self.fixes.search(between)
        return fixes - entry if entry._name == FIX else fixes


def seal_fix(fix):
    """Chain a new fix to what is before it."""
    previous = CompanyChain(fix.company_id).find_last(fix)
    kept = previous._get_last_hash() if previous else False
    fix.write(
        {
            "previous_hash": kept,
            "hash": link(kept or "", _get_content(fix)),
        }
    )


def is_unchanged(fix):
    """Whether a fix matches its hash."""
    return link(fix.previous_hash or "", _get_content(fix)) == fix.hash


def _get_content(fix):
    (content,) = read_content(fix, FIX_FIELDS)
    return content


def _get_moment(entry):
    return entry.fixed_at if entry._name == FIX else entry.started_at


def _get_hashes(entry):
    """The hashes with which another entry may begin."""
    if not entry:
        return [False]
    if entry._name == FIX:
        return [entry.hash]
    steps = entry.step_ids
    hashes = [entry.start_hash, entry.done_hash]
    hashes += steps.mapped("hash") + steps.mapped("revert_hash")
    return [kept for kept in hashes if kept]
