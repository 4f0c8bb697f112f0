from odoo import api, models

from ..books.row_journal import read_rows
from ..ledger.holding import Holding
from ..services.step_run import BY_HAND, BY_HAND_STATE
from ..services.wording import Wording
from .order import order_kinds
from .reading import Names, Reading, get_parameter_names
from .undo_rows import UndoRows

KIND = "reconciliation.rollback.step.kind"
PREFIX = "reconciliation.rollback.step."


class ReconciliationRollbackStepKind(models.AbstractModel):
    """What a step does. One model for each kind, all with the same few verbs.

    A kind is a model ``reconciliation.rollback.step.<kind>`` that inherits this one; that
    is all it takes to add one. It says

    * where it comes: :attr:`_place`;
    * what people call it: :meth:`_get_label`;
    * how often a rollback needs it: :meth:`_prepare_steps`;
    * what it does: :meth:`_run`, and what it shows: :meth:`_get_snapshot`;
    * what undoes it: :meth:`_get_rows_conditions`, :attr:`_sets_sequences`, a
      :meth:`_restore` of its own, or :attr:`_needs_no_undo`. A kind that says nothing of
      it is refused when a rollback starts.

    It runs in the rollback's company, as the superuser, in one transaction with the
    step's record.
    """

    _name = "reconciliation.rollback.step.kind"
    _description = "Kind of step of a reconciliation rollback"

    # its number in the manual procedure; all others have a Place
    _manual_number = None
    # :class:`~.order.Place`: before or after which kind it comes
    _place = None
    # whether it sets the sequences of operations and cooperators: they are set back
    _sets_sequences = False
    # whether undoing a rollback has nothing to do for it
    _needs_no_undo = False
    # whether mail can come of it; rollbacks know their own
    _makes_mail = True

    def _register_hook(self):
        """:raises ValueError: the place of a kind leads nowhere"""
        res = super()._register_hook()
        if self._name == KIND:
            self._get_ordered_kinds()
        return res

    @api.model
    def _get_ordered_kinds(self):
        """The kinds of steps that add-ons bring, in the order of their places.

        :return: list of :class:`~.order.OrderedKind`
        :raises ValueError: a kind does not say where it comes, or has no name of a kind
        """
        manual, places = {}, {}
        for name in set(self.pool.descendants([KIND], "_inherit")) - {KIND}:
            if not name.startswith(PREFIX):
                raise ValueError(
                    "A step kind is named %s<kind>, not %s." % (PREFIX, name)
                )
            kind, model = name[len(PREFIX) :], self.env[name]
            if model._manual_number:
                manual[kind] = model._manual_number
            elif model._place:
                places[kind] = model._place
            else:
                raise ValueError("Step kind %s does not say where it comes." % kind)
        return order_kinds(manual, places)

    @api.model
    def _get_label(self):
        """What people call the kind, in their language."""
        return self._description

    @api.model
    def _prepare_steps(self, rollback):
        """Values of the kind's steps in ``rollback``; a list that can be empty."""
        return [{}]

    def _get_snapshot(self, step, reading):
        """What the step touches, as it is now; kept before and after it runs.

        :param reading: :class:`~.reading.Reading`
        :return: a dictionary of JSON values that a person can read
        """
        return {}

    def _run(self, step):
        """Do the step.

        :raises UserError: it can't be done; what was done is undone then
        """

    def _take_back_unrecorded(self, step):
        """Take back what of the step is there and was never recorded.

        Called before the step runs, and instead of undoing it where it has not run. A step
        and its record are one transaction, so there is nothing: hook for kinds of which
        an earlier release has left something.
        """

    def _perform(self, step):
        """Do the step and keep what it found, what it left, and what undoes it.

        :return: ``before``, ``after`` and ``kept`` as JSON values; other fields of the
            step as what is stored
        """
        reading = self._read(step)
        before = self._get_snapshot(step, reading)
        kept = self._read_more(step)
        self._run(step)
        left = self._read(step, reading)
        performed = {
            "before": before,
            "after": self._get_snapshot(step, left),
            "kept": {**kept, **reading.compare(left)},
        }
        if self._is_done_by_hand(step, reading, left):
            words = Wording(self.env)
            found = list(map(words.done_by_hand, self._find_done_by_hand(step)))
            performed["after"] = {**performed["after"], BY_HAND: found}
            performed["state"] = BY_HAND_STATE
        return performed

    def _is_done_by_hand(self, step, before, after):
        """Whether somebody had done by hand what the step is for.

        :param before: :class:`~.reading.Reading` before the step, and ``after`` it
        """
        plan = step.rollback_id._get_plan()
        return plan.is_by_hand(step.kind) and before.is_same(after)

    def _find_done_by_hand(self, step):
        """What of the step somebody had done by hand.

        :return: list of :class:`~..ledger.plan.DoneByHand`
        """
        plan = step.rollback_id._get_plan()
        return [done for done in plan.by_hand if done.step == step.kind]

    @api.model
    def _get_rows_conditions(self):
        """SQL conditions of the rows that the step may change, by model.

        They are read before and after the step, and put back to undo it. See
        :mod:`.undo_rows` for the parameters and for models of cooperator.
        """
        return {}

    def _get_rows_parameter(self, step, name):
        """A parameter of the conditions; hook for kinds that use others.

        :raises KeyError: there is none of that name
        """
        if name == "company":
            return step.company_id.id
        if name == "partners":
            return self._get_rows_partners(step).ids
        if name == "moves":
            return self._get_rows_moves(step).ids
        raise KeyError(name)

    def _get_rows_partners(self, step):
        """Whose records the step may change."""
        return self._get_changed_partners(step.rollback_id)

    def _get_rows_moves(self, step):
        """The payments and requests whose matches the step may change."""
        lines = step.rollback_id.line_ids
        return (
            lines.payment_move_id
            | lines.wrong_move_id
            | lines.right_move_id
            | lines.right_ids.move_id
            | lines.invoice_id
        )

    def _read(self, step, before=None):
        """What the step may change, as it is now.

        :param before: the reading before the step, where this is the one after it
        :return: :class:`~.reading.Reading`
        """
        sequences = {}
        if self._sets_sequences:
            sequences = step.company_id._get_next_numbers()
        conditions = self._get_rows_conditions()
        if before:
            names, parameters = before.names, before.parameters
        else:
            names = Names(self.env)
            parameters = {
                name: self._get_rows_parameter(step, name)
                for name in get_parameter_names(conditions)
            }
        rows = read_rows(self.env, conditions, parameters)
        return Reading(names, parameters, rows, sequences)

    def _read_more(self, step):
        """What else undoing the step needs, read before it.

        :return: JSON values by name, for :meth:`_restore`
        """
        return {}

    @api.model
    def _says_how_undone(self):
        """Whether the kind says what undoes it."""
        abstract = self.pool[KIND]
        return bool(
            self._needs_no_undo
            or self._sets_sequences
            or self._get_rows_conditions()
            or type(self)._undo is not abstract._undo
            or type(self)._restore is not abstract._restore
        )

    def _undo(self, step):
        """Undo the step: put back what it found.

        :raises UserError: it can't be undone; nothing was changed
        """
        step._check_can_be_undone()
        if not self._needs_no_undo:
            self._restore(step, step._get_kept())

    def _restore(self, step, kept, items=None):
        """Put back what :meth:`_perform` has kept.

        :param items: journal items' ids that stand for others, which are no more
        """
        rollback = step.rollback_id.filtered("revert_started_at")
        UndoRows(self.env, items or {}, rollback).restore(kept.get("rows", {}))
        for code, number in kept.get("sequences", {}).items():
            step.company_id._set_next_number(code, number)
        return True

    def _go_on_at(self, company, planned):
        """Let sequences go on with planned numbers.

        Also where they do by themselves: with a number that is drawn PostgreSQL notes 32
        more, and goes on after these when it has crashed. What is set it notes as it is.

        :param planned: next number by code
        """
        for code, number in planned.items():
            company._set_next_number(code, number)

    def _set_back(self, rollback, code, sequence):
        """Let a sequence go back to what is planned between removal and right match.

        :param sequence: :class:`~..ledger.plan.SequenceChange`
        """
        company = rollback.company_id
        company._check_none_from(code, sequence.first_free)
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

    def _get_operations(self, rows, names):
        """Rows of the register in words.

        :param names: :class:`~.reading.Names`
        """
        people = names.of(
            "res.partner",
            [row[name] for row in rows for name in ("partner_id", "partner_id_to")],
        )
        share_types = names.of(
            "product.product", [row["share_product_id"] for row in rows]
        )
        requests = names.of(
            "account.move", [row["capital_release_request_id"] for row in rows], "name"
        )
        return [
            {
                "number": row["register_number_operation"],
                "type": row["type"],
                "partner": people[row["partner_id"]],
                "receiver": people[row["partner_id_to"]],
                "share type": share_types[row["share_product_id"]],
                "quantity": row["quantity"],
                "date": row["date"],
                "request": requests[row["capital_release_request_id"]],
            }
            for row in rows
        ]

    def _apply_register(self, company, partners, numbers, plan):
        """Bring partners to what the register gives as it stands now.

        What they have that no operation gave stays; and so does a holding that is kept
        though nothing explains it.

        :param partners: ``res.partner``
        :param numbers: cooperator number by partner id, of who may have none now
        :param plan: :class:`~..ledger.plan.Plan`
        """
        partners = partners.filtered(lambda partner: partner.id not in plan.kept)
        openings = plan.openings_by_partner
        present = company._get_cooperator_numbers(partners)
        holdings = company._replay_holdings(partners, {**numbers, **present}, openings)
        planned = [holdings.get(p, Holding(p)) for p in partners.ids]
        company._apply_holdings(planned)
        company._apply_memberships(planned)

    def _get_changed_partners(self, rollback):
        """Whose holding or operations the rollback changes."""
        plan = rollback._get_plan()
        partners = [change.partner for change in plan.changes]
        # what the operation gave may have been taken away by hand before
        for operation in plan.removed + plan.inserted:
            partners += operation.partners
        return self.env["res.partner"].browse(dict.fromkeys(partners)).exists()
