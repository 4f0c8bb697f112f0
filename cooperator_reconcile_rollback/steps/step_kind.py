from odoo import _, models

from ..ledger.holding import Holding
from .books import SEQUENCES, compare_books, read_books, restore_books


class ReconciliationRollbackStepKind(models.AbstractModel):
    """What a step does. One model for each kind, all with the same few verbs.

    A kind's name is ``reconciliation.rollback.step.`` and its ``kind``. It runs in the
    rollback's company, as the superuser, in one transaction with the step's record.
    """

    _name = "reconciliation.rollback.step.kind"
    _description = "Kind of step of a reconciliation rollback"

    def _get_snapshot(self, step):
        """What the step touches, as it is now; kept before and after it runs.

        :return: a dictionary of JSON values that a person can read
        """
        return {}

    def _run(self, step):
        """Do the step.

        :raises UserError: it can't be done; what was done is undone then
        """

    def _perform(self, step):
        """Do the step.

        :return: what it touches, before and after
        """
        before = self._get_snapshot(step)
        self._run(step)
        return before, self._get_snapshot(step)

    def _get_books(self):
        """Names of the models of :mod:`.books` that the step changes."""
        return []

    def _get_books_partners(self, step):
        """Whose records the step changes."""
        return self._get_changed_partners(step.rollback_id)

    def _get_books_moves(self, step):
        """The payments and requests whose matches the step changes."""
        lines = step.rollback_id.line_ids
        return lines.payment_move_id | lines.wrong_move_id | lines.right_move_id

    def _read_books(self, step):
        """What the step may change, as it is before it.

        :return: JSON values by kind of record; another kind of step can add to it
        """
        names = self._get_books()
        books = {}
        if SEQUENCES in names:
            books["sequences"] = self._get_sequences(step.rollback_id)
        with_rows = [name for name in names if name != SEQUENCES]
        if with_rows:
            scope = {
                "company": step.company_id.id,
                "partners": self._get_books_partners(step).ids,
                "moves": self._get_books_moves(step).ids,
            }
            rows = read_books(self.env, with_rows, scope)
            books.update(scope=scope, rows=rows)
        return books

    def _compare_books(self, step, before):
        """What undoing the step needs, once it is done.

        :param before: what :meth:`_read_books` gave
        :return: JSON values, for :meth:`_undo`
        """
        if "rows" not in before:
            return before
        after = read_books(self.env, before["rows"], before["scope"])
        return {**before, "rows": compare_books(before["rows"], after)}

    def _undo(self, step):
        """Undo the step: put back what it found (requirement R7).

        :raises UserError: it can't be undone; nothing was changed
        """
        kept = step._get_kept()
        if kept:
            self._restore(step, kept)

    def _restore(self, step, kept, items=None):
        """Put back what :meth:`_compare_books` has kept.

        :param items: see :func:`~.books.restore_books`
        """
        restore_books(self.env, kept.get("rows", {}), items or {})
        for code, number in kept.get("sequences", {}).items():
            step.company_id._set_next_number(code, number)
        return True

    def _word_matched_otherwise(self, payment, request):
        return _(
            "The payment %(payment)s and %(request)s of %(partner)s have been matched "
            "with something else meanwhile: remove that match first.",
            payment=payment.name,
            request=request.name,
            partner=request.partner_id.name,
        )

    def _get_sequences(self, rollback):
        return rollback.company_id._get_next_numbers()

    def _set_back(self, rollback, code, sequence):
        """Let a sequence go back to what is planned between removal and right match.

        :param sequence: :class:`~..ledger.plan.Sequence`
        """
        company = rollback.company_id
        company._check_none_from(code, sequence.between)
        company._set_next_number(code, sequence.between)

    def _get_matches(self, matches):
        """Matches (``account.partial.reconcile``) in words."""
        return [
            {
                "payment": match.credit_move_id.move_id.name,
                "request": match.debit_move_id.move_id.name,
                "amount": match.amount,
            }
            for match in matches
        ]

    def _get_requests(self, requests):
        """Capital release requests in words, with what pays them."""
        return {
            "matches of the requests": self._get_matches(
                requests._get_request_matches()
            ),
            "requests": {
                request.name: {
                    "payment": request.payment_state,
                    "subscription": request.subscription_request.state,
                }
                for request in requests
            },
        }

    def _get_operations(self, lines):
        """Register lines in words."""
        return [
            {
                "number": line.register_number_operation,
                "type": line.type,
                "partner": line.partner_id.display_name,
                "receiver": line.partner_id_to.display_name,
                "share type": line.share_product_id.display_name,
                "quantity": line.quantity,
                "date": line.date,
                "request": line.capital_release_request_id.name,
            }
            for line in lines.exists()
        ]

    def _apply_register(self, company, partners, numbers):
        """Bring partners to what the register gives as it stands now.

        :param partners: ``res.partner``
        :param numbers: cooperator number by partner id, of who may have none now
        """
        present = company._get_cooperator_numbers(partners)
        holdings = company._replay_holdings(partners, {**numbers, **present})
        planned = [holdings.get(p, Holding(p)) for p in partners.ids]
        company._apply_holdings(planned)
        company._apply_memberships(planned)

    def _get_changed_partners(self, rollback):
        partners = [change.partner for change in rollback._get_plan().changes]
        return self.env["res.partner"].browse(partners)
