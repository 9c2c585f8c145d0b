"""The cost model of a workbook: quantity × price ÷ rate for every line, and sums by layer, year, operator and part, all of them live."""
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
_BEFORE = ("part", "what", "layer", "operator", "estimate", "capex", "quantity", "unit", "price", "currency", "per_eur", "rounding", "amount_eur")
_AFTER = ("source", "date", "id")
_SOURCE = 40  # letters of the source's column
_WIDTHS = (34, 30, 7, 20, 11, 14, 13, 20, 11, 9, 10, 10, 14)


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
        letter = _letter(self.column(key))
        return f"{self.name}!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + max(len(self.spent), 1)}"


def _model(book: Book) -> _Model:
    spent = spending(book.c)
    stated: dict[str, set[Decimal]] = {}
    for one in spent:
        stated.setdefault(one.line.currency, set()).add(one.line.per_eur)
    rates = {currency: next(iter(found)) for currency, found in sorted(stated.items()) if len(found) == 1 and currency != "EUR"}
    years = tuple(sorted({year for one in spent for year in one.cents_by_year}))
    name = book.c.p("sheet.cost").replace("'", "''")
    return _Model(spent, years, f"'{name}'", rates)


def _letter(column: int) -> str:
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
    put("currency", line.currency)
    if line.currency in model.rates:
        book.formula(sheet, row, model.column("per_eur"), f"={_rate_cell(book, model, line.currency)}", line.per_eur, "number")
    else:
        put("per_eur", line.per_eur, "input")
    put("rounding", line.amount_eur - as_computed(line.quantity, line.price, line.per_eur), "input")
    at = {key: f"{_letter(model.column(key))}{row + 1}" for key in ("quantity", "price", "per_eur", "rounding", "amount_eur")}
    made = f"=ROUND(ROUND({at['quantity']}*{at['price']}/{at['per_eur']},2)+{at['rounding']},2)"
    book.formula(sheet, row, model.column("amount_eur"), made, line.amount_eur)
    _years(book, sheet, model, row, one, f"${at['amount_eur']}")
    put("source", source, "list-wrap")
    put("date", str(line.date))
    put("id", one.operator)


def _years(book: Book, sheet: Worksheet, model: _Model, row: int, one: Spent, amount: str) -> None:
    """The amount cut by year: each by its share, to the cent, and the last takes what is left, so that the years always add up."""
    whole = sum(one.cents_by_year.values())
    for year in model.years:
        cents = one.cents_by_year[year]
        share = Decimal(cents) / whole if whole else Decimal(1) / len(model.years)
        book.put(sheet, row, model.column(f"share:{year}"), share, "input-share")
        column = model.column(f"year:{year}")
        formula = f"=ROUND({amount}*{_letter(model.column(f'share:{year}'))}{row + 1},2)"
        if year == model.years[-1]:
            first = _letter(model.column(f"year:{model.years[0]}"))
            before = f"-SUM({first}{row + 1}:{_letter(column - 1)}{row + 1})" if len(model.years) > 1 else ""
            formula = f"=ROUND({amount}{before},2)"
        book.formula(sheet, row, column, formula, from_cents(cents))


def _totals(book: Book, sheet: Worksheet, model: _Model) -> None:
    """Above the headers: what the rows that a filter shows add up to."""
    row, total = FIRST_ROW - 2, sum((one.line.amount_eur for one in model.spent), Decimal(0))
    book.put(sheet, row, 0, book.c.p("sheet.shown"), "strong")
    for key, value in (("amount_eur", total), *((f"year:{y}", from_cents(sum(one.cents_by_year[y] for one in model.spent))) for y in model.years)):
        letter = _letter(model.column(key))
        cells = f"{letter}{FIRST_ROW + 1}:{letter}{FIRST_ROW + max(len(model.spent), 1)}"
        book.formula(sheet, row, model.column(key), f"=SUBTOTAL(109,{cells})", value, "total")


def as_computed(quantity: Decimal, price: Decimal, per_eur: Decimal) -> Decimal:
    """What a spreadsheet makes of quantity × price ÷ rate, to the cent: in binary floating point, 15 digits, halves away from nought."""
    return Decimal(format(float(quantity) * float(price) / float(per_eur), ".15g")).quantize(CENT, rounding=ROUND_HALF_UP)


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
