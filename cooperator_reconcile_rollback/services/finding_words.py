"""Findings of the register check in words, in the language of who reads them."""

from odoo import _
from odoo.tools.misc import format_date

from ..ledger import evidence_chain as breaks
from ..ledger import finding as kinds
from ..tools.excerpt import ranges


class FindingWords:
    """Describes findings in the language of an environment.

    :param env: the reader's environment
    """

    def __init__(self, env):
        self.env = env

    def get_kinds(self):
        """Get the kinds of finding with their names, as a selection."""
        return [
            (kinds.DOUBLE_OPERATION_NUMBER, _("Operation number given twice")),
            (kinds.OPERATION_GAP, _("Unused operation number")),
            (kinds.DOUBLE_COOPERATOR_NUMBER, _("Cooperator number given twice")),
            (kinds.MEMBER_WITHOUT_NUMBER, _("Member without a number")),
            (kinds.COOPERATOR_GAP, _("Unused cooperator number")),
            (kinds.SHARES_UNLIKE_REGISTER, _("Shares unlike the register")),
            (kinds.OPERATION_WITHOUT_GROUND, _("Operation without ground")),
            (kinds.REGISTERED_TWICE, _("Request registered twice")),
            (kinds.PAID_WITHOUT_OPERATION, _("Paid request without an operation")),
            (kinds.OPERATION_NOT_PAID, _("Operation whose request is not paid")),
            (
                kinds.DONE_WITHOUT_OPERATION,
                _("Executed operation request without an operation"),
            ),
            (
                kinds.OPERATION_NOT_DONE,
                _("Operation whose operation request is not executed"),
            ),
            (kinds.OTHER_PAYER, _("Payment of somebody else")),
            (kinds.OTHER_REQUEST_NAMED, _("Payment that names another request")),
            (kinds.OPERATION_SEQUENCE_OFF, _("Operation sequence off")),
            (kinds.COOPERATOR_SEQUENCE_OFF, _("Cooperator sequence off")),
            (kinds.MAIL_LEFT_HELD, _("Mail that is still held")),
            (kinds.SEVERAL_REQUESTS_FIT, _("Operation that several requests fit")),
            (kinds.NO_REQUEST_FITS, _("Operation that no request fits")),
            (kinds.EVIDENCE_CHAIN_BROKEN, _("Chain of evidence broken")),
            (kinds.EVIDENCE_CHANGED, _("Evidence changed")),
            (kinds.EVIDENCE_BOOKS_CHANGED, _("Accounting behind a rollback changed")),
            (kinds.ENTRIES_CHANGED, _("Register entries changed")),
            (kinds.CHANGED_BY_HAND, _("Register changed by hand")),
        ]

    def get_sentences(self):
        """Get the sentence of each kind, with placeholders for the values.

        A pair of a kind and a variant is the key where a kind has several sentences.
        """
        return {
            kinds.DOUBLE_OPERATION_NUMBER: _(
                "Operation number %(number)s is in the register more than once: of "
                "%(people)s."
            ),
            (kinds.OPERATION_GAP, "one"): _(
                "Operation number %(number)s is unused, and no rollback has left it."
            ),
            (kinds.OPERATION_GAP, "several"): _(
                "The operation numbers %(number)s to %(last)s are unused, and no "
                "rollback has left them."
            ),
            kinds.DOUBLE_COOPERATOR_NUMBER: _(
                "Cooperator number %(number)s is given to %(people)s."
            ),
            kinds.MEMBER_WITHOUT_NUMBER: _(
                "%(person)s is or was a member, but has no cooperator number."
            ),
            (kinds.COOPERATOR_GAP, "one"): _(
                "Cooperator number %(number)s is unused, and no rollback has left it."
            ),
            (kinds.COOPERATOR_GAP, "several"): _(
                "The cooperator numbers %(number)s to %(last)s are unused, and no "
                "rollback has left them."
            ),
            kinds.SHARES_UNLIKE_REGISTER: _(
                '%(person)s is not what the register gives: "%(actual)s" by the share '
                'lines and the membership, "%(expected)s" by the register.'
            ),
            (kinds.SHARES_UNLIKE_REGISTER, "one more"): _(
                "%(person)s has one share more than the register: %(actual_quantity)s "
                "instead of %(expected_quantity)s."
            ),
            (kinds.SHARES_UNLIKE_REGISTER, "more"): _(
                "%(person)s has %(more)s shares more than the register: "
                "%(actual_quantity)s instead of %(expected_quantity)s."
            ),
            kinds.OPERATION_WITHOUT_GROUND: _(
                "Operation %(number)s (%(type)s) of %(person)s takes shares that were "
                "not there."
            ),
            kinds.REGISTERED_TWICE: _(
                "%(request)s of %(person)s is in the register more than once: as the "
                "operations %(numbers)s."
            ),
            kinds.PAID_WITHOUT_OPERATION: _(
                "%(request)s of %(person)s is paid, but the register has no operation "
                "for it."
            ),
            kinds.OPERATION_NOT_PAID: _(
                "Operation %(numbers)s of %(person)s is in the register, but %(request)s "
                "is not paid."
            ),
            kinds.DONE_WITHOUT_OPERATION: _(
                "The operation request of %(person)s (%(operation_request)s) is "
                "executed, but the register has no operation for it."
            ),
            kinds.OPERATION_NOT_DONE: _(
                "Operation %(number)s (%(type)s) of %(person)s is in the register, but "
                "its operation request is not executed: %(state)s."
            ),
            kinds.OTHER_PAYER: _(
                "%(request)s of %(person)s is paid with %(payment)s of %(payer)s."
            ),
            (kinds.OTHER_PAYER, "named"): _(
                "%(request)s of %(person)s is paid with %(payment)s of %(payer)s, which "
                "names %(named)s."
            ),
            kinds.OTHER_REQUEST_NAMED: _(
                "%(request)s of %(person)s is paid with %(payment)s, which names "
                "%(named)s."
            ),
            kinds.OPERATION_SEQUENCE_OFF: _(
                "The next operation would get number %(number)s instead of %(last)s."
            ),
            kinds.COOPERATOR_SEQUENCE_OFF: _(
                "The next cooperator would get number %(number)s instead of %(last)s."
            ),
            kinds.MAIL_LEFT_HELD: _("%(rollback)s has ended, but mail is still held."),
            kinds.SEVERAL_REQUESTS_FIT: _(
                "Operation %(number)s (%(type)s) of %(person)s was made before this "
                "module was installed, and several requests fit it."
            ),
            kinds.NO_REQUEST_FITS: _(
                "Operation %(number)s (%(type)s) of %(person)s was made before this "
                "module was installed, and no request fits it."
            ),
            **self._get_sentences_of_breaks(),
            kinds.EVIDENCE_CHANGED: _(
                "%(entry)s is not what was kept of it: open it and press Prove for what "
                "was changed."
            ),
            (kinds.ENTRIES_CHANGED, "one"): _(
                "Entry %(entry_number)s of the register is not what was written."
            ),
            (kinds.ENTRIES_CHANGED, "several"): _(
                "Entries of the register are not what was written: %(entries)s."
            ),
            (kinds.CHANGED_BY_HAND, "struck"): _(
                "Operation %(number)s of %(person)s was deleted from the register by hand: "
                "entry %(entry_number)s keeps it."
            ),
            (kinds.CHANGED_BY_HAND, "changed"): _(
                "Operation %(number)s of %(person)s was changed by hand: see entry "
                "%(entry_number)s of the register for what it is now."
            ),
            (kinds.CHANGED_BY_HAND, "reinstated"): _(
                "Operation %(number)s of %(person)s came back into the register by hand: "
                "see entry %(entry_number)s."
            ),
            kinds.EVIDENCE_BOOKS_CHANGED: _(
                "The accounting behind %(entry)s is not what it was when that ended: open "
                "it and press Prove for what has changed."
            ),
        }

    def _get_sentences_of_breaks(self):
        """The sentences about a chain of evidence, by how it is broken."""
        kind = kinds.EVIDENCE_CHAIN_BROKEN
        return {
            (kind, breaks.MISSING, "one"): _(
                "Link %(number)s of the chain of evidence is missing."
            ),
            (kind, breaks.MISSING, "several"): _(
                "The links %(number)s to %(last)s of the chain of evidence are missing."
            ),
            (kind, breaks.CHANGED): _(
                "Link %(number)s of the chain of evidence, of %(entry)s, is not what was "
                "kept of it."
            ),
            (kind, breaks.CUT_OFF, "one"): _(
                "The last link of the chain of evidence, %(number)s, is missing: the "
                "chain was cut off."
            ),
            (kind, breaks.CUT_OFF, "several"): _(
                "The last links of the chain of evidence, %(number)s to %(last)s, are "
                "missing: the chain was cut off."
            ),
            (kind, breaks.OTHER_HEAD): _(
                "The last link of the chain of evidence, %(last)s, is not the one that "
                "was kept as the last, %(number)s."
            ),
            (kind, breaks.GONE): _(
                "Link %(number)s of the chain of evidence is of a rollback or fix that "
                "is gone: %(entry)s."
            ),
            (kind, breaks.NOT_CHAINED): _(
                "%(entry)s has no link in the chain of evidence."
            ),
            (kind, breaks.OTHER_RECORD): _(
                "%(entry)s is not what its link %(number)s of the chain of evidence says."
            ),
            (kind, breaks.NO_PREVIOUS): _(
                "The rollback or fix before %(entry)s is missing, or not what it was then."
            ),
        }

    def describe(self, finding, sentences):
        """Describe a finding in one sentence.

        :param finding: :class:`~..ledger.finding.Finding`
        :param sentences: as of :meth:`get_sentences`
        """
        return sentences[self._get_key(finding)] % self._get_values(finding)

    def _get_key(self, finding):
        """The key of a finding's sentence."""
        if finding.kind in (kinds.OPERATION_GAP, kinds.COOPERATOR_GAP):
            first, last = finding.numbers
            return (finding.kind, "one" if first == last else "several")
        if finding.kind == kinds.EVIDENCE_CHAIN_BROKEN:
            return self._get_key_of_break(finding)
        if finding.kind == kinds.ENTRIES_CHANGED:
            return (finding.kind, "one" if len(finding.entries) == 1 else "several")
        if finding.kind == kinds.CHANGED_BY_HAND:
            return (finding.kind, finding.variant)
        if finding.named and finding.kind == kinds.OTHER_PAYER:
            return (finding.kind, "named")
        if finding.kind == kinds.SHARES_UNLIKE_REGISTER and finding.is_more:
            return (finding.kind, "one more" if _get_more(finding) == 1 else "more")
        return finding.kind

    def _get_key_of_break(self, finding):
        """The key of the sentence about a chain of evidence."""
        if finding.variant not in (breaks.MISSING, breaks.CUT_OFF):
            return (finding.kind, finding.variant)
        first, last = finding.numbers
        return (finding.kind, finding.variant, "one" if first == last else "several")

    def _get_entry_name(self, finding):
        """The name of a rollback or fix; that of the record where it is gone."""
        for name, record in (
            ("reconciliation.rollback", finding.rollback),
            ("cooperator.register.fix", finding.fix),
            ("cooperator.register.seal", finding.seal),
        ):
            if record:
                # sudo: see _get_values
                found = self.env[name].sudo().browse(record).exists()
                return found.display_name or "%s,%s" % (name, record)
        return ""

    def _get_values(self, finding):
        """The values of a sentence's placeholders."""
        # sudo: who may see a finding may see the names in it
        env = self.env(su=True)
        names = [
            partner.display_name
            for partner in env["res.partner"].browse(finding.partners).exists()
        ] or [_("nobody")]
        moves = env["account.move"]
        lines = env["subscription.register"].browse(finding.lines[:1]).exists()
        request = env["operation.request"].browse(finding.operation_request or [])
        request = request.exists()
        rollbacks = env["reconciliation.rollback"]
        numbers = finding.numbers or (False,)
        return {
            "number": numbers[0],
            "last": numbers[-1],
            "numbers": ", ".join(map(str, numbers)),
            "person": names[0],
            "payer": names[-1],
            "people": ", ".join(names),
            "type": self._get_selection_label(lines, "type"),
            "request": moves.browse(finding.request or []).exists().name,
            "payment": moves.browse(finding.payment or []).exists().name,
            "named": ", ".join(
                "%s (%s)" % (move.name, move.partner_id.display_name)
                for move in moves.browse(finding.named).exists()
            ),
            "entry_number": finding.entries[0] if finding.entries else False,
            "entries": ", ".join(ranges(finding.entries)),
            "rollback": rollbacks.browse(finding.rollback or []).exists().name,
            "entry": self._get_entry_name(finding),
            "expected": finding.expected and rollbacks._word_holding(finding.expected),
            "actual": finding.actual and rollbacks._word_holding(finding.actual),
            "expected_quantity": finding.expected and finding.expected.quantity,
            "actual_quantity": finding.actual and finding.actual.quantity,
            "more": _get_more(finding),
            "state": self._get_selection_label(request, "state"),
            "operation_request": ", ".join(
                filter(
                    None,
                    (
                        self._get_selection_label(request, "operation_type"),
                        format_date(self.env, request.effective_date),
                    ),
                )
            ),
        }

    def _get_selection_label(self, record, name):
        """The label of a selection field's value; empty without a record."""
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")


def _get_more(finding):
    """How many shares there are beyond those that the register gives."""
    if not finding.expected or not finding.actual:
        return 0
    return finding.actual.quantity - finding.expected.quantity
