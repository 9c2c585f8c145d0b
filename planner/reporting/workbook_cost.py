"""The cost model of a workbook: quantity × price × factor ÷ rate for every line, and sums by layer, year, operator and part, all of them live."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from planner.quantities import CENT, from_cents
from planner.reporting.audiences import Audience
from planner.reporting.spending import Spent, spending
from planner.reporting.view import view_of
from planner.reporting.workbook_book import A3, Book

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FIRST_ROW = 4  # of the lines, counted from 0; above it stand the note, the totals and the headers
_BEFORE = ("part", "what", "layer", "operator", "estimate", "capex", "quantity", "unit", "price", "price_factor", "currency", "per_eur", "rounding",
           "amount_eur")
_AFTER = ("source", "date", "id")
_SOURCE = 40  # letters of the source's column
_WIDTHS = (34, 30, 7, 20, 11, 14, 13, 20, 11, 9, 9, 10, 10, 14)


@dataclass(frozen=True, slots=True)
class _Model:
    """Where everything of the cost model stands."""

    spent: tuple[Spent, ...]
    years: tuple[str, ...]
    name: str  # of the sheet, as a formula quotes it
    rates: Mapping[str, Decimal]  # currencies whose rate stands once, in the summary

    def column(self, key: str) -> int:
        """The number of a column, from 0."""
        if key in _BEFORE:
            return _BEFORE.index(key)
        if key in _AFTER:
            return len(_BEFORE) + 2 * len(self.years) + _AFTER.index(key)
        kind, year = key.split(":")
        return len(_BEFORE) + (len(self.years) if kind == "share" else 0) + self.years.index(year)

    def all(self, key: str) -> str:
        """The cells of a column over all lines, as another sheet's formula names them."""
        column = letter(self.column(key))
        return f"{self.name}!${column}${FIRST_ROW + 1}:${column}${FIRST_ROW + max(len(self.spent), 1)}"


def _model(book: Book) -> _Model:
    spent = spending(book.c)
    stated: dict[str, set[Decimal]] = {}
    for one in spent:
        stated.setdefault(one.line.currency, set()).add(one.line.per_eur)
    rates = {currency: next(iter(found)) for currency, found in sorted(stated.items()) if len(found) == 1 and currency != "EUR"}
    years = tuple(sorted({year for one in spent for year in one.cents_by_year}))
    name = book.c.p("sheet.cost").replace("'", "''")
    return _Model(spent, years, f"'{name}'", rates)


def letter(column: int) -> str:
    """The letters of a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(column)


# --------------------------------------------------------------------------------------------- the lines


def cost_model(book: Book, readers: Audience) -> None:
    """The sheet with every cost line; what may be changed is blue."""
    model, c = _model(book), book.c
    sheet = book.sheet("cost")
    headers = [c.p(f"column.{key}") for key in _BEFORE] + list(model.years) + [c.p("sheet.share", year=year) for year in model.years]
    headers += [c.p(f"column.{key}") for key in _AFTER]
    first_number = model.column("quantity")
    widths = [_WIDTHS[i] if i < len(_WIDTHS) else 13 if i < model.column("source") else _SOURCE for i in range(len(headers))]
    sheet.set_paper(A3)
    book.rise(sheet, FIRST_ROW - 1, [(header, width - 3) for header, width in zip(headers, widths, strict=True)])
    book.put(sheet, 0, 0, c.p("sheet.live"), "quiet")
    for column, header in enumerate(headers):
        book.put(sheet, FIRST_ROW - 1, column, header, "header-right" if first_number <= column < model.column("source") else "header")
        sheet.set_column(column, column, widths[column])
    for number, one in enumerate(model.spent):
        _line(book, sheet, model, FIRST_ROW + number, one)
    _totals(book, sheet, model)
    last = FIRST_ROW + max(len(model.spent), 1) - 1
    sheet.autofilter(FIRST_ROW - 1, 0, last, len(headers) - 1)
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.repeat_rows(FIRST_ROW - 1)
    by_quarter(book, model)


def _line(book: Book, sheet: Worksheet, model: _Model, row: int, one: Spent) -> None:
    c, line = book.c, one.line

    def put(key: str, value: object, style: str = "list") -> None:
        book.put(sheet, row, model.column(key), value, style)

    source = c.source_names.get(line.source, line.source)
    book.rise(sheet, row, [(one.part, _WIDTHS[0]), (c.t(line.what), _WIDTHS[1]), (source, _SOURCE)])
    put("part", one.part, "list-wrap")
    put("what", c.t(line.what), "list-wrap")
    put("layer", line.layer.value)
    put("operator", c.name(one.operator))
    put("estimate", c.p("mark.estimate") if line.estimate else None)
    put("capex", c.p("mark.capex") if line.capex else None)
    put("quantity", line.quantity, "input")
    put("unit", c.p(f"unit.{line.unit.value}"))
    put("price", line.price, "input")
    put("price_factor", line.factor, "input")
    put("currency", line.currency)
    if line.currency in model.rates:
        book.formula(sheet, row, model.column("per_eur"), f"={_rate_cell(book, model, line.currency)}", line.per_eur, "number")
    else:
        put("per_eur", line.per_eur, "input")
    put("rounding", line.amount_eur - as_computed(line.quantity, line.price, line.factor, line.per_eur), "input")
    at = {key: f"{letter(model.column(key))}{row + 1}" for key in ("quantity", "price", "price_factor", "per_eur", "rounding", "amount_eur")}
    made = f"=ROUND(ROUND({at['quantity']}*{at['price']}*{at['price_factor']}/{at['per_eur']},2)+{at['rounding']},2)"
    book.formula(sheet, row, model.column("amount_eur"), made, line.amount_eur)
    spread(book, sheet, row, model.column(f"year:{model.years[0]}"), f"${at['amount_eur']}", one.cents_by_year)
    put("source", source, "list-wrap")
    put("date", str(line.date))
    put("id", one.operator)


def spread(book: Book, sheet: Worksheet, row: int, first: int, amount: str, cents: Mapping[str, int]) -> None:
    """An amount cut by time, from column `first`: each part by its share, to the cent, the last takes what is left, so that all add up.

    The shares follow the parts.
    """
    whole, number = sum(cents.values()), len(cents)
    for place, part in enumerate(cents.values()):
        share = Decimal(part) / whole if whole else Decimal(1) / number
        book.put(sheet, row, first + number + place, share, "input-share")
        formula = f"=ROUND({amount}*{letter(first + number + place)}{row + 1},2)"
        if place == number - 1:
            others = f"-SUM({letter(first)}{row + 1}:{letter(first + place - 1)}{row + 1})" if place else ""
            formula = f"=ROUND({amount}{others},2)"
        book.formula(sheet, row, first + place, formula, from_cents(part))


def _totals(book: Book, sheet: Worksheet, model: _Model) -> None:
    """Above the headers: what the rows that a filter shows add up to."""
    row, total = FIRST_ROW - 2, sum((one.line.amount_eur for one in model.spent), Decimal(0))
    book.put(sheet, row, 0, book.c.p("sheet.shown"), "strong")
    for key, value in (("amount_eur", total), *((f"year:{y}", from_cents(sum(one.cents_by_year[y] for one in model.spent))) for y in model.years)):
        column = letter(model.column(key))
        cells = f"{column}{FIRST_ROW + 1}:{column}{FIRST_ROW + max(len(model.spent), 1)}"
        book.formula(sheet, row, model.column(key), f"=SUBTOTAL(109,{cells})", value, "total")


def as_computed(quantity: Decimal, price: Decimal, factor: Decimal, per_eur: Decimal) -> Decimal:
    """What a spreadsheet makes of quantity × price × factor ÷ rate, to the cent: in binary floating point, 15 digits, halves away from nought."""
    return Decimal(format(float(quantity) * float(price) * float(factor) / float(per_eur), ".15g")).quantize(CENT, rounding=ROUND_HALF_UP)


def by_quarter(book: Book, model: _Model) -> None:
    """The sheet that cuts every line by quarter; its amounts follow the cost model."""
    c = book.c
    sheet = book.sheet("quarters")
    sheet.set_paper(A3)
    quarters = list(model.spent[0].cents_by_quarter) if model.spent else []
    headers = [c.p("column.part"), c.p("column.what"), *quarters, *(c.p("sheet.share", year=quarter) for quarter in quarters)]
    for column, header in enumerate(headers):
        book.put(sheet, FIRST_ROW - 1, column, header, "header" if column < 2 else "header-right")
        sheet.set_column(column, column, _WIDTHS[column] if column < 2 else 13)
    for number, one in enumerate(model.spent):
        row = FIRST_ROW + number
        book.rise(sheet, row, [(one.part, _WIDTHS[0]), (c.t(one.line.what), _WIDTHS[1])])
        book.put(sheet, row, 0, one.part, "list-wrap")
        book.put(sheet, row, 1, c.t(one.line.what), "list-wrap")
        spread(book, sheet, row, 2, f"{model.name}!${letter(model.column('amount_eur'))}{row + 1}", one.cents_by_quarter)
    book.put(sheet, FIRST_ROW - 2, 0, c.p("sheet.shown"), "strong")
    for place, quarter in enumerate(quarters):
        cells = f"{letter(2 + place)}{FIRST_ROW + 1}:{letter(2 + place)}{FIRST_ROW + len(model.spent)}"
        total = from_cents(sum(one.cents_by_quarter[quarter] for one in model.spent))
        book.formula(sheet, FIRST_ROW - 2, 2 + place, f"=SUBTOTAL(109,{cells})", total, "total")
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.repeat_rows(FIRST_ROW - 1)


# ------------------------------------------------------------------------------------------- the summary

_RATES_ROW = 9  # of the first rate in the summary, from 0


def _rate_cell(book: Book, model: _Model, currency: str) -> str:
    name = book.c.p("sheet.summary").replace("'", "''")
    return f"'{name}'!$C${_RATES_ROW + list(model.rates).index(currency) + 1}"


def summary(book: Book, readers: Audience, with_model: bool) -> None:
    """The first sheet: what was decided and, where the model follows, every sum of it beside what the plan says."""
    c = book.c
    view = view_of(c.report, c.p.lang, readers.name if c.report.plan else "all")
    sheet = book.sheet("summary")
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 58)
    sheet.set_column(2, 5, 17)
    sheet.set_row(0, 24)
    book.put(sheet, 0, 0, view.title, "title")
    book.put(sheet, 1, 0, f"{view.organisation}. {c.p('page.as_of', day=view.as_of)}.", "quiet")
    for row, line in enumerate(view.headline[:3], 2):
        book.put(sheet, row, 0, line, "strong")
    if view.planned and view.planned.conditions.title:
        book.put(sheet, 5, 0, view.planned.conditions.title, "strong")
    book.put(sheet, 6, 0, c.p("page.made_by", tool=view.tool), "quiet")
    if with_model:
        _sums(book, sheet, _model(book))


def _sums(book: Book, sheet: Worksheet, model: _Model) -> None:
    c, cost = book.c, book.c.plan.cost
    row = _RATES_ROW
    if model.rates:
        book.put(sheet, row - 1, 0, c.p("sheet.rates"), "heading")
    for currency, rate in model.rates.items():
        book.put(sheet, row, 0, currency)
        book.put(sheet, row, 1, c.p("sheet.per_euro", currency=currency))
        book.put(sheet, row, 2, rate, "input")
        row += 1
    amount = model.all("amount_eur")
    guessed = sum((one.line.amount_eur for one in model.spent if one.line.estimate), Decimal(0))
    row = _block(book, sheet, row + 1, c.p("sheet.total"), [
        ("", c.p("tile.cost"), f"=ROUND(SUM({amount}),2)", cost.total_eur),
        ("", c.p("sheet.capex"), _where(model, "capex", f'"{c.p("mark.capex")}"'), cost.capex_eur),
        ("", c.p("sheet.estimates"), _where(model, "estimate", f'"{c.p("mark.estimate")}"'), guessed),
    ])
    layers = row
    row = _block(book, sheet, row, c.p("cost.by_layer"), [(k, c.layer(k), _where(model, "layer"), v) for k, v in sorted(cost.by_layer.items())])
    years = row
    row = _block(book, sheet, row, c.p("cost.by_year"),
                 [(y, "", f"=ROUND(SUM({model.all(f'year:{y}')}),2)", cost.by_year.get(y, Decimal(0))) for y in model.years])
    if cost.by_quarter:
        sheet_name = c.p("sheet.quarters").replace("'", "''")
        last = FIRST_ROW + max(len(model.spent), 1)
        row = _block(book, sheet, row, c.p("sheet.quarters"), [
            (quarter, "", f"=ROUND(SUM('{sheet_name}'!{letter(2 + n)}{FIRST_ROW + 1}:{letter(2 + n)}{last}),2)", amount)
            for n, (quarter, amount) in enumerate(cost.by_quarter.items())
        ])
    operators = sorted(cost.by_operator.items(), key=lambda item: (-item[1], item[0]))
    _block(book, sheet, row, c.p("cost.by_operator"), [(k, c.name(k), _where(model, "id"), v) for k, v in operators])
    _charts(book, sheet, ((c.p("cost.by_layer"), layers + 2, len(cost.by_layer)), (c.p("cost.by_year"), years + 2, len(model.years))))


def _where(model: _Model, key: str, wanted: str = "") -> str | Callable[[int], str]:
    """The sum of the amounts whose `key` is `wanted`, or what stands in the first column of the formula's row."""
    amount = model.all("amount_eur")
    if wanted:
        return f"=ROUND(SUMIFS({amount},{model.all(key)},{wanted}),2)"
    return lambda row: f"=ROUND(SUMIFS({amount},{model.all(key)},$A{row + 1}),2)"


def _block(book: Book, sheet: Worksheet, row: int, title: str, lines: Sequence[tuple[str, str, str | Callable[[int], str], Decimal]]) -> int:
    """A titled block: key, name, the live sum, what the plan says, and how far apart they are. Gives the row of the next block."""
    c = book.c
    book.put(sheet, row, 0, title, "heading")
    for column, key in enumerate(("", "", "by_sheet", "as_planned", "difference")):
        if key:
            book.put(sheet, row + 1, column, c.p(f"column.{key}"), "header-right")
    for number, (key, name, formula, planned) in enumerate(lines, row + 2):
        book.put(sheet, number, 0, key)
        book.put(sheet, number, 1, name)
        book.formula(sheet, number, 2, formula if isinstance(formula, str) else formula(number), planned)
        book.put(sheet, number, 3, planned, "money")
        book.formula(sheet, number, 4, f"=ROUND(C{number + 1}-D{number + 1},2)", Decimal(0))
    return row + len(lines) + 3


def _charts(book: Book, sheet: Worksheet, blocks: Sequence[tuple[str, int, int]]) -> None:
    """Columns over the live sums, beside them."""
    for place, (title, first, count) in enumerate(blocks):
        chart = book.file.add_chart({"type": "column"})
        name = sheet.get_name()
        chart.add_series({"categories": [name, first, 0, first + count - 1, 0], "values": [name, first, 2, first + count - 1, 2],
                          "fill": {"color": "#1F4E79"}, "gap": 80})
        chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#CFD3D6"}}})
        chart.set_size({"width": 420, "height": 240})
        sheet.insert_chart(8 + place * 13, 6, chart, {"description": title})
