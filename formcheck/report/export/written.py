"""Tables as bytes of a file: CSV for spreadsheets, JSON and Parquet for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from formcheck import __version__
from formcheck.cells import cell
from formcheck.errors import OutputError
from formcheck.files import plain
from formcheck.report.export.columns import Column, Table

Format: TypeAlias = Literal["csv", "json", "parquet"]


def to_csv(table: Table, *, decimal_comma: bool = False) -> bytes:
    """A table as CSV (RFC 4180), unknown cells empty, no text a formula.

    It is UTF-8 and begins with a byte order mark: without it Excel takes the letters for another alphabet's.

    Args:
        table: The table.
        decimal_comma: Numbers with a comma, cells parted by semicolons, as spreadsheets of most of Europe read them.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if decimal_comma else ",")
    writer.writerow([cell(column.name) for column in table.columns])
    for row in table.rows:
        cells = (cell(row.get(column.name), column.digits) for column in table.columns)
        writer.writerow(
            [str(one).replace(".", ",") if decimal_comma and isinstance(one, float) else one for one in cells]
        )
    return out.getvalue().encode("utf-8-sig", "replace")


def to_json(table: Table) -> bytes:
    """A table as JSON: its columns with unit and meaning, and a list of rows; what is unknown is null."""
    data = {
        "formcheck": __version__,
        "table": table.name,
        "columns": [{"name": one.name, "unit": one.unit, "meaning": one.meaning} for one in table.columns],
        "rows": _records(table),
    }
    return (json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def to_parquet(table: Table) -> bytes:
    """A table as Parquet: typed columns, each with its unit and meaning as metadata; what is unknown is null.

    Raises:
        OutputError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise OutputError(
            "Parquet files need pyarrow: install it with pip install 'formcheck[export]', or choose csv or json."
        ) from None
    kinds = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64()}
    schema = pa.schema(
        [
            pa.field(one.name, kinds[one.kind], metadata={"unit": one.unit, "meaning": one.meaning})
            for one in table.columns
        ],
        metadata={"formcheck": __version__},
    )
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(_records(table), schema), out)
    return out.getvalue()


WRITERS: dict[Format, Callable[[Table], bytes]] = {"csv": to_csv, "json": to_json, "parquet": to_parquet}


def _records(table: Table) -> list[dict[str, Any]]:
    return [{column.name: _value(row.get(column.name), column) for column in table.columns} for row in table.rows]


def _value(value: object, column: Column) -> object:
    match value:
        case tuple():
            return " ".join(value)
        case float():
            return round(value, column.digits) + 0.0 if math.isfinite(value) else None
    return value
