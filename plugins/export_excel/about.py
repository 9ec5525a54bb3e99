"""The sheet `about`, with which the workbook opens: what it holds, with links, and the facts about the export."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from scrqm_forms.hookspecs import Export

from .texts import escaped, pieces, plain, runs_of

TITLE, HEADING = Font(name="Calibri", bold=True, size=18), Font(name="Calibri", bold=True, size=13)
_BOLD = Font(name="Calibri", size=11, bold=True)
_LINK = Font(name="Calibri", size=11, color="1D4F73", underline="single")


def title_of(export: Export) -> str:
    facts = dict(export.about)
    return " · ".join(facts[key] for key in ("board", "reference", "round") if facts.get(key)) or "Export"


def write_about(workbook: Workbook, export: Export, contents: Sequence[tuple[str, str, str]]) -> None:
    """`contents`: (title of a sheet, what it is for, rows in it)."""
    _write_properties(workbook, export)
    sheet = workbook.worksheets[0]
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight = 9, "portrait", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    blank = ("", "", None)
    rows: list[tuple[str, str, Font | None]] = [(title_of(export), "", TITLE), blank]
    rows.append(("Sheet", "What it holds: choose a sheet to go to it", HEADING))
    rows += [(title, f"{about} {number}".strip(), _LINK) for title, about, number in contents]
    rows += [blank, ("About this export", "", HEADING)]
    rows += [(key, piece, _BOLD) for key, value in export.about for piece in pieces(value)]
    for number, (first, second, font) in enumerate(rows, 1):
        put_text(sheet, number, 1, first, font)
        put_text(sheet, number, 2, second, HEADING if font is HEADING else None)
        if (lines := len(second) // 115 + 1 + second.count("\n")) > 1:
            sheet.row_dimensions[number].height = min(405, 15 * lines)
        if font is _LINK:
            target = "'{}'!A1".format(first.replace("'", "''"))
            cell: Any = sheet.cell(number, 1)
            cell._hyperlink = Hyperlink(ref=f"A{number}", location=target, display=first)


def _write_properties(workbook: Workbook, export: Export) -> None:
    about = "; ".join(f"{key}: {value}" for key, value in export.about if key in ("review", "questionnaire_sha256"))
    found = workbook.properties
    found.title, found.description, found.creator = escaped(title_of(export)), escaped(about), "SCRQM Forms"


def put_text(sheet: Any, row: int, column: int, text: str, font: Font | None) -> None:
    if not text:
        return
    cell = sheet.cell(row, column)
    # Set past the value's setter, which would take "=..." for a formula and "#N/A" for an error.
    runs = runs_of(plain(text))
    cell._value, cell.data_type = runs[0] if len(runs) == 1 else CellRichText(runs), "s"
    cell.alignment = Alignment(vertical="top", wrap_text=font is not TITLE)
    cell.quotePrefix = True
    if font is not None:
        cell.font = font
