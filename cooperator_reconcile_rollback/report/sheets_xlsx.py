from dataclasses import dataclass
from typing import Any, Callable

from odoo import models

from ..tools.spreadsheet import plain_text

DATE_FORMAT = "yyyy-mm-dd"
DATETIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    :param heading: the text above it
    :param value: function of a row; ``None`` and empty text leave the cell empty
    :param style: ``text``, ``number``, ``amount``, ``date`` or ``datetime``
    :param width: in characters
    """

    heading: str
    value: Callable[[Any], Any]
    style: str = "text"
    width: int = 14


class SheetsXlsx(models.AbstractModel):
    """Spreadsheets of tables that are filtered and printed as they are."""

    _name = "report.cooperator_reconcile_rollback.sheets_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Spreadsheet of tables"

    def _make_formats(self, workbook, wizard):
        """Return the formats of cells by style."""
        currency = wizard.company_id.currency_id
        add = workbook.add_format
        return {
            "heading": add(
                {
                    "bold": True,
                    "bg_color": "#EEF0F2",
                    "bottom": 1,
                    "text_wrap": True,
                    "valign": "top",
                }
            ),
            "title": add({"bold": True, "font_size": 14}),
            "text": add({"valign": "top", "text_wrap": True}),
            "number": add({"valign": "top", "num_format": "0"}),
            "amount": add(
                {
                    "valign": "top",
                    "num_format": self._report_xlsx_currency_format(currency),
                }
            ),
            "date": add({"valign": "top", "num_format": DATE_FORMAT, "align": "left"}),
            "datetime": add(
                {"valign": "top", "num_format": DATETIME_FORMAT, "align": "left"}
            ),
        }

    def _write_sheet(self, workbook, formats, wizard, title, columns, rows):
        """Write a sheet whose first row filters it and stays in sight."""
        sheet = workbook.add_worksheet(title)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        self._write_table(sheet, formats, 0, columns, rows)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        self._set_up_page(sheet, wizard, title)
        sheet.repeat_rows(0)

    def _set_up_page(self, sheet, wizard, title):
        """Set how the sheet is printed."""
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        company = wizard.company_id.name.replace("&", "&&")
        sheet.set_header("&L%s&C%s&R%s" % (company, wizard.name, title))
        sheet.set_footer("&R&P / &N")

    def _write_table(self, sheet, formats, top, columns, rows):
        """Write a heading and rows.

        :param top: number of the heading's row
        """
        for index, column in enumerate(columns):
            sheet.write_string(top, index, column.heading, formats["heading"])
        for number, row in enumerate(rows, start=top + 1):
            for index, column in enumerate(columns):
                self._write_cell(sheet, formats, number, index, column, row)

    def _write_cell(self, sheet, formats, number, index, column, row):
        value = column.value(row)
        if value is None or value == "":
            sheet.write_blank(number, index, None, formats[column.style])
        elif column.style in ("date", "datetime"):
            sheet.write_datetime(number, index, value, formats[column.style])
        elif column.style == "text" or isinstance(value, str):
            # never a link either
            text = plain_text(str(value))
            sheet.write_string(number, index, text, formats["text"])
        else:
            sheet.write_number(number, index, value, formats[column.style])
