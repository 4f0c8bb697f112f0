from odoo import _, fields, models

from ..services.chain_head import word_head
from ..tools.spreadsheet import plain_text
from .register_countries import RegisterCountry
from .sheets_xlsx import Column


class RegisterEntriesXlsx(models.AbstractModel):
    """The register with all its entries as a spreadsheet."""

    _name = "report.cooperator_reconcile_rollback.register_entries_xlsx"
    _inherit = "report.cooperator_reconcile_rollback.sheets_xlsx"
    _description = "Spreadsheet of the register of operations"

    def get_workbook_options(self):
        # a register of years: each row leaves memory as it is written
        return {**super().get_workbook_options(), "constant_memory": True}

    def generate_xlsx_report(self, workbook, data, objs):
        """Fill the workbook with one wizard's register.

        :param objs: ``cooperator.register.document``
        """
        for wizard in objs:
            extract = wizard._load_extract()
            formats = self._make_formats(workbook, wizard)
            title = RegisterCountry(wizard.company_id).get_title()[:31]
            columns = self._get_columns(wizard)
            self._write_sheet(workbook, formats, wizard, title, columns, extract.rows)
            self._write_facts(workbook, formats, wizard, extract)

    def _get_columns(self, wizard):
        """Return the columns; what a reader may not see is empty in the rows."""
        return [
            Column(_("Entry"), lambda row: row.entry, "number", 8),
            Column(_("State"), self._get_state, width=10),
            Column(_("Operation"), lambda row: row.operation, "number", 10),
            Column(
                _("Entered on"),
                lambda row: fields.Datetime.context_timestamp(
                    wizard, row.entered_at
                ).replace(tzinfo=None),
                "datetime",
                19,
            ),
            Column(_("Entered by"), lambda row: row.entered_by, width=18),
            Column(_("Effective on"), lambda row: row.day, "date", 12),
            Column(_("Type"), lambda row: row.what, width=18),
            Column(_("Cooperator number"), lambda row: row.member_number, "number", 11),
            Column(_("Person"), lambda row: row.person, width=26),
            Column(_("Domicile or seat"), lambda row: row.address, width=34),
            Column(_("Enterprise number"), lambda row: row.company_number, width=16),
            Column(_("Receiver"), lambda row: row.other, width=26),
            Column(_("Receiver's number"), lambda row: row.other_number, "number", 11),
            Column(_("Share class"), lambda row: row.share_class, width=16),
            Column(_("Shares"), lambda row: row.shares, "number", 8),
            Column(_("Price"), lambda row: row.price, "amount"),
            Column(_("Amount"), lambda row: row.amount, "amount"),
            Column(_("Ground"), lambda row: row.ground, width=20),
            Column(_("Paid on"), lambda row: row.paid_on, "date", 12),
            Column(_("Paid"), lambda row: row.paid_amount or None, "amount"),
            Column(_("Payment"), lambda row: row.payment, width=20),
            Column(_("Balance"), lambda row: row.balance, "number", 9),
            Column(_("Total of the class"), lambda row: row.total, "number", 10),
            Column(_("Remarks"), lambda row: row.remarks, width=60),
            Column(_("Hash"), lambda row: row.hash, width=66),
        ]

    def _get_state(self, row):
        return _("struck") if row.is_struck else _("valid")

    def _write_facts(self, workbook, formats, wizard, extract):
        """Write whose register it is, of when, and what there is in all."""
        title = _("Totals")
        sheet = workbook.add_worksheet(title)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 70)
        facts = [
            *wizard._get_company_facts(),
            (_("What it shows"), wizard._get_subtitle()),
            (_("Lines"), str(len(extract.rows))),
            (_("Of these struck"), str(extract.struck_count)),
            *self._get_totals(_("%s before"), extract.opening),
            *self._get_totals(_("%s in the end"), extract.closing),
            (_("Last entry"), str(extract.last_entry[0])),
            (_("Hash of the last entry"), extract.last_entry[1]),
            (_("Printed by"), self.env.user.name),
            (_("Time zone"), wizard._get_timezone()),
            (
                _("Chain of evidence"),
                word_head(wizard.company_id, self.env, wizard._get_timezone()),
            ),
        ]
        for number, (label, value) in enumerate(facts):
            sheet.write_string(number, 0, plain_text(label), formats["text"])
            sheet.write_string(number, 1, plain_text(value), formats["text"])
        self._set_up_page(sheet, wizard, title)

    def _get_totals(self, label, totals):
        return [(label % name, str(number)) for name, number in totals]
