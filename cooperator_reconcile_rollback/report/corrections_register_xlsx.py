from odoo import _, models
from odoo.tools.misc import format_date

from ..services.chain_head import find_last_link, format_time
from ..services.corrections_register import grand_total
from ..services.numbered_series import RollbackSeries
from ..tools.excerpt import ranges
from ..tools.spreadsheet import plain_text
from .sheets_xlsx import Column


def numbers_cell(numbers):
    """Return one number as it is, several as text.

    >>> numbers_cell((1002,)), numbers_cell((1002, 1003, 1007)), numbers_cell(())
    (1002, '1002–1003, 1007', '')
    """
    if len(numbers) == 1:
        return numbers[0]
    return ", ".join(ranges(numbers))


class CorrectionsRegisterXlsx(models.AbstractModel):
    """The register of corrections as a spreadsheet: one sheet for each subject."""

    _name = "report.cooperator_reconcile_rollback.corrections_xlsx"
    _inherit = "report.cooperator_reconcile_rollback.sheets_xlsx"
    _description = "Spreadsheet of the register of corrections"

    def generate_xlsx_report(self, workbook, data, objs):
        """Fill the workbook with one wizard's register.

        :param objs: ``reconciliation.rollback.register``
        """
        for wizard in objs:
            register = wizard._load_register()
            formats = self._make_formats(workbook, wizard)
            rows = {
                _("Rollbacks"): (self._get_rollback_columns(), register.rows),
                _("Matches"): (
                    self._get_match_columns(),
                    register.all_of("matches"),
                ),
                _("Operations"): (
                    self._get_operation_columns(),
                    register.all_of("operations"),
                ),
                _("People"): (self._get_person_columns(), register.all_of("people")),
                _("Mails"): (self._get_mail_columns(), register.all_of("mails")),
            }
            for title, (columns, values) in rows.items():
                self._write_sheet(workbook, formats, wizard, title, columns, values)
            self._write_totals(workbook, formats, wizard, register)

    def _write_totals(self, workbook, formats, wizard, register):
        """Write the facts about the register and its totals by reason."""
        title = _("Totals")
        sheet = workbook.add_worksheet(title)
        states = dict(wizard._fields["state"]._description_selection(self.env))
        sheet.write_string(0, 0, _("Register of corrections"), formats["title"])
        facts = [
            (_("Cooperative"), wizard.company_id.name),
            (_("From"), format_date(self.env, wizard.date_from)),
            (_("To"), format_date(self.env, wizard.date_to)),
            (_("States"), states[wizard.state]),
            (_("Printed by"), self.env.user.name),
            (_("Time zone"), wizard._get_timezone()),
            (_("Series"), RollbackSeries(wizard.company_id).word()),
            *self._get_head_facts(wizard),
        ]
        for number, (label, value) in enumerate(facts, start=1):
            sheet.write_string(number, 0, label, formats["text"])
            sheet.write_string(number, 1, plain_text(value), formats["text"])
        columns = self._get_total_columns()
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        totals = register.totals
        totals = totals + [grand_total(_("Total"), totals)]
        self._write_table(sheet, formats, len(facts) + 2, columns, totals)
        self._set_up_page(sheet, wizard, title)

    def _get_head_facts(self, wizard):
        """Return the head of the chain of evidence, for comparing it later."""
        last = find_last_link(wizard.company_id)
        if not last:
            return []
        return [
            (_("Links of the chain of evidence"), str(last.number)),
            (_("Time of the last link"), format_time(last, wizard._get_timezone())),
            (_("Hash of the last link"), last.hash),
        ]

    def _get_rollback_columns(self):
        return [
            Column(_("Rollback"), lambda row: row.name, width=12),
            Column(_("State"), lambda row: row.state, width=11),
            Column(_("Started"), lambda row: row.started_at, "datetime", 19),
            Column(_("Done"), lambda row: row.done_at, "datetime", 19),
            Column(_("Reverted"), lambda row: row.reverted_at, "datetime", 19),
            Column(_("Reason"), lambda row: row.reason, width=34),
            Column(_("Wrong person"), lambda row: row.wrong_people, width=24),
            Column(_("Right person"), lambda row: row.right_people, width=24),
            Column(_("Amount"), lambda row: row.amount, "amount"),
            Column(
                _("Operation before"),
                lambda row: numbers_cell(row.operations_before),
                "number",
            ),
            Column(
                _("Operation after"),
                lambda row: numbers_cell(row.operations_after),
                "number",
            ),
            Column(
                _("Cooperator number before"),
                lambda row: numbers_cell(row.numbers_before),
                "number",
            ),
            Column(
                _("Cooperator number after"),
                lambda row: numbers_cell(row.numbers_after),
                "number",
            ),
            Column(
                _("Applied again"), lambda row: row.changes.reapplied.total, "number", 9
            ),
            Column(_("Responsible"), lambda row: row.responsible, width=20),
            Column(_("In error since"), lambda row: row.in_error_since, "date", 12),
            Column(_("Started by"), lambda row: row.started_by, width=20),
            Column(_("Second person"), lambda row: row.second_person, width=40),
            Column(_("Decided by"), lambda row: row.decided, width=30),
            Column(_("Past years changed"), lambda row: row.effect, width=18),
            Column(_("Person told"), lambda row: row.told, width=30),
            Column(_("What happened"), lambda row: row.note, width=60),
            Column(_("Reason to override"), lambda row: row.override, width=40),
            Column(_("Hash"), lambda row: row.evidence_hash, width=66),
        ]

    def _get_match_columns(self):
        return [
            Column(_("Rollback"), lambda row: row.rollback, width=12),
            Column(_("Payment"), lambda row: row.payment, width=20),
            Column(_("Payment date"), lambda row: row.payment_date, "date", 12),
            Column(_("Was booked on"), lambda row: row.booked_on.name, width=24),
            Column(_("Amount"), lambda row: row.amount, "amount"),
            Column(_("Wrong request"), lambda row: row.wrong_request, width=20),
            Column(_("Wrong person"), lambda row: row.wrong_person.name, width=24),
            Column(_("Right request"), lambda row: row.right_request, width=20),
            Column(_("Right person"), lambda row: row.right_person.name, width=24),
            Column(
                _("Reclassification"),
                lambda row: row.entry and row.entry.name,
                width=20,
            ),
        ]

    def _get_operation_columns(self):
        removed, made = _("Removed"), _("Made")
        return [
            Column(_("Rollback"), lambda row: row.rollback, width=12),
            Column(_("Operation"), lambda row: row.number, "number", 10),
            Column(
                _("What happens"),
                lambda row: removed if row.is_removed else made,
                width=12,
            ),
            Column(_("Type"), lambda row: row.kind, width=18),
            Column(_("Person"), lambda row: row.person.name, width=24),
            Column(_("Receiver"), lambda row: row.receiver.name, width=24),
            Column(_("Date"), lambda row: row.date, "date", 12),
            Column(_("Shares"), lambda row: ", ".join(row.shares), width=28),
            Column(_("Quantity"), lambda row: row.quantity, "number", 10),
            Column(_("Amount"), lambda row: row.amount, "amount"),
        ]

    def _get_person_columns(self):
        return [
            Column(_("Rollback"), lambda row: row.rollback, width=12),
            Column(_("Person"), lambda row: row.person.name, width=24),
            Column(
                _("Cooperator number before"), lambda row: row.number_before, "number"
            ),
            Column(
                _("Cooperator number after"), lambda row: row.number_after, "number"
            ),
            Column(_("Shares before"), lambda row: row.shares_before, "number", 10),
            Column(_("Shares after"), lambda row: row.shares_after, "number", 10),
            Column(_("Before"), lambda row: row.before, width=48),
            Column(_("After"), lambda row: row.after, width=48),
        ]

    def _get_mail_columns(self):
        return [
            Column(_("Rollback"), lambda row: row.rollback, width=12),
            Column(_("About"), lambda row: row.about.name, width=24),
            Column(_("Recipient"), lambda row: row.to, width=36),
            Column(_("Subject"), lambda row: row.subject, width=40),
            Column(_("Kind"), lambda row: row.kind, width=14),
            Column(_("Choice"), lambda row: row.choice, width=10),
            Column(_("State"), lambda row: row.state, width=14),
        ]

    def _get_total_columns(self):
        return [
            Column(_("Reason"), lambda row: row.reason, width=44),
            Column(_("Rollbacks"), lambda row: row.rollbacks, "number", 26),
            Column(_("Corrected in the period"), lambda row: row.corrected, "number"),
            Column(_("Amount corrected"), lambda row: row.corrected_amount, "amount"),
            Column(_("Reverted in the period"), lambda row: row.reverted, "number"),
            Column(_("Amount reverted"), lambda row: row.reverted_amount, "amount"),
            Column(_("Neither"), lambda row: row.other, "number"),
        ]
