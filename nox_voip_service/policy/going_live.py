"""Going live with a workbook of customers, PBXs and users: what each row says, what is
wrong with it, and what the first month comes to.

The workbook is judged as a whole: every fault with its sheet and row, so that it is
mended once. The first month is counted by the rules of the monthly run, to be laid
beside the invoices of the system before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from . import seat_history, seat_texts, seats
from .months import first_of_month, is_billed_elsewhere
from .reconcile import EURO, Currency

# The values of a row by column, and its number as ``row``.
Record = dict[str, Any]
YES = ("yes", "ja", "y", "j", "x", "1", "true", "waar")
NO = ("no", "nee", "n", "-", "0", "false", "onwaar")
LONGEST = 200


class Column(NamedTuple):
    """A column of a sheet.

    :param kind: ``text``, ``day``, ``amount`` or ``yes``
    """

    kind: str = "text"
    required: bool = False


SHEETS: dict[str, dict[str, Column]] = {
    "customers": {
        "customer": Column(required=True),
        "registry": Column(),
        "vat": Column(),
        "email": Column(),
        "street": Column(),
        "zip": Column(),
        "city": Column(),
        "country": Column(),
        "language": Column(),
    },
    "pbxs": {
        "customer": Column(required=True),
        "pbx": Column(required=True),
        "accepted_on": Column("day", required=True),
        "plan": Column(required=True),
        "plan_since": Column("day"),
        "price": Column("amount"),
        "billed_until": Column("day"),
        "old_amount": Column("amount"),
        "administrator": Column(),
        "administrator_email": Column(),
        "trained_on": Column("day"),
    },
    "users": {
        "customer": Column(required=True),
        "pbx": Column(required=True),
        "extension": Column(required=True),
        "user": Column(required=True),
        "first_day": Column("day", required=True),
        "last_day": Column("day"),
        "counts": Column("yes"),
    },
}


class Plan(NamedTuple):
    """What a row needs to know of a plan.

    :param bills_users: a price per user per month belongs to it
    :param seat_policy: how it counts the users of a month
    """

    bills_users: bool
    needs_administrator: bool
    seat_policy: str = "prorated"


class Fault(NamedTuple):
    """What is wrong, as a code and figures; the row is that of the sheet, from 1."""

    sheet: str
    row: int
    code: str
    params: Mapping[str, object] = {}


class Bill(NamedTuple):
    """Users of a month, two decimals, and their amount excl. VAT."""

    quantity: Decimal
    amount: Decimal


# ----------------------------------------------------------------------
# READING
# ----------------------------------------------------------------------


def read_sheet(
    sheet: str, table: Sequence[tuple[int, Sequence[object]]], names: Mapping[str, str]
) -> tuple[list[Record], list[Fault]]:
    """The rows of a sheet as records, each with its ``row``, and what cannot be read.

    :param table: numbered rows of cells, the first of them the headings
    :param names: heading in small letters -> column of ``SHEETS``

    >>> read_sheet("users", [(1, ["PBX", "From"]), (2, ["Desk", "yesterday"])],
    ...            {"pbx": "pbx", "from": "first_day"})[1][-1]
    Fault(sheet='users', row=2, code='no_day', params={'text': 'yesterday', \
'column': 'first_day'})
    """
    if not table:
        return [], []
    heading_row, heading = table[0]
    columns = [names.get(text_of(cell).casefold()) for cell in heading]
    faults = [
        Fault(sheet, heading_row, "no_column", {"column": name})
        for name, column in SHEETS[sheet].items()
        if column.required and name not in columns
    ]
    records = []
    for row, cells in table[1:]:
        record: Record = {"row": row}
        for name, cell in zip(columns, cells, strict=False):
            if name:
                value, code = _value(SHEETS[sheet][name].kind, cell)
                record[name] = value
                if code:
                    params = {"text": text_of(cell)[:40], "column": name}
                    faults.append(Fault(sheet, row, code, params))
        broken = {fault.params["column"] for fault in faults if fault.row == row}
        faults += [
            Fault(sheet, row, "missing", {"column": name})
            for name, column in SHEETS[sheet].items()
            if column.required and name in columns and name not in broken
            if record.get(name) in (None, "")
        ]
        records.append(record)
    return records, faults


def text_of(cell: object) -> str:
    """A cell as a person sees it: 201, and not 201.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return seat_texts.plain("" if cell is None else str(cell))


def _value(kind: str, cell: object) -> tuple[object, str | None]:
    """The value of a cell, or a code for what is wrong with it."""
    text = text_of(cell)
    if kind == "day":
        return _day(cell, text)
    if kind == "amount":
        return _amount(cell, text)
    if kind == "yes":
        known = text.casefold()
        if known in NO:
            return False, None
        return True, None if not known or known in YES else "no_yes"
    if text.startswith(("=", "@")):
        return text, "formula"
    return text, "too_long" if len(text) > LONGEST else None


def _day(cell: object, text: str) -> tuple[date | None, str | None]:
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    if not text:
        return None, None
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", text)
    try:
        return (date(*map(int, found.groups())), None) if found else (None, "no_day")
    except ValueError:
        return None, "no_day"


def _amount(cell: object, text: str) -> tuple[Decimal | None, str | None]:
    if not text:
        return None, None
    if isinstance(cell, bool) or not re.fullmatch(r"-?\d{1,9}([.,]\d{1,6})?", text):
        return None, "no_amount"
    return Decimal(text.replace(",", ".")), None


# ----------------------------------------------------------------------
# JUDGING
# ----------------------------------------------------------------------


def check(
    records: Mapping[str, Sequence[Record]],
    plans: Mapping[str, Plan],
    *,
    this_month: date,
) -> list[Fault]:
    """What is wrong between the rows of the three sheets.

    :param records: of ``read_sheet``, by sheet
    :param plans: plan as rows name it, in small letters
    :param this_month: a day in the month that the company lives in
    """
    faults = _twice("customers", records["customers"], ("customer",))
    faults += _twice("pbxs", records["pbxs"], ("customer", "pbx"))
    customers = {key_of(row, "customer") for row in records["customers"]}
    pbxs = {}
    for row in records["pbxs"]:
        pbxs[key_of(row, "customer", "pbx")] = row
        if row.get("customer") and key_of(row, "customer") not in customers:
            faults.append(_fault("pbxs", row, "unknown_customer", "customer"))
        faults += _check_pbx(row, plans, this_month)
    for row in records["users"]:
        faults += _check_user(row, pbxs)
    return faults + list(_clashes(records["users"]))


def _check_pbx(
    row: Record, plans: Mapping[str, Plan], this_month: date
) -> Iterable[Fault]:
    plan = plans.get((row.get("plan") or "").casefold())
    since, accepted, trained = (
        plan_since(row),
        row.get("accepted_on"),
        row.get("trained_on"),
    )
    if since and accepted and since < accepted:
        yield _fault("pbxs", row, "plan_before_acceptance", "plan_since")
    if not plan:
        if row.get("plan"):
            yield _fault("pbxs", row, "unknown_plan", "plan")
        return
    if plan.bills_users:
        if not row.get("price") or row["price"] <= 0:
            yield _fault("pbxs", row, "no_price", "price")
        if since and since < first_of_month(this_month) and not row.get("billed_until"):
            yield _fault("pbxs", row, "no_billed_until", "billed_until")
    elif row.get("price"):
        yield _fault("pbxs", row, "price_without_users", "price")
    if plan.needs_administrator:
        if not row.get("administrator") or not trained:
            yield _fault("pbxs", row, "no_administrator", "administrator")
        elif since and trained > since:
            yield _fault("pbxs", row, "trained_later", "trained_on")


def _check_user(row: Record, pbxs: Mapping[tuple[str, ...], Record]) -> Iterable[Fault]:
    if row.get("pbx") and key_of(row, "customer", "pbx") not in pbxs:
        yield _fault("users", row, "unknown_pbx", "pbx")
    for name, text, limit in (
        ("extension", extension_of(row), seat_texts.EXTENSION_LENGTH),
        ("user", row.get("user") or "", seat_texts.NAME_LENGTH),
    ):
        code = seat_texts.text_problem(text, limit)
        if code and code != "missing":
            yield _fault("users", row, code, name)
    if row.get("last_day") and row.get("first_day"):
        if row["last_day"] < row["first_day"]:
            yield _fault("users", row, "last_before_first", "last_day")


def _clashes(rows: Iterable[Record]) -> Iterable[Fault]:
    """One extension of a PBX belongs to one user at a time."""
    uses = [
        seat_history.Use(
            row["row"],
            key_of(row, "customer", "pbx"),
            extension_of(row),
            row["first_day"],
            row.get("last_day"),
        )
        for row in rows
        if row.get("first_day") and row.get("extension")
    ]
    for first, second in seat_history.clashes(uses):
        params = {"text": second.extension, "other": first.key}
        yield Fault("users", int(str(second.key)), "extension_twice", params)


def _twice(sheet: str, rows: Iterable[Record], names: tuple[str, ...]) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = key_of(row, *names)
        if all(key) and key in seen:
            params = {"text": row[names[-1]], "other": seen[key]}
            faults.append(Fault(sheet, row["row"], "twice", params))
        seen.setdefault(key, row["row"])
    return faults


def _fault(sheet: str, row: Record, code: str, column: str) -> Fault:
    text = text_of(row.get(column))[:40]
    return Fault(sheet, row["row"], code, {"column": column, "text": text})


def key_of(row: Record, *names: str) -> tuple[str, ...]:
    """What a row is found by: its values, in small letters."""
    return tuple(str(row.get(name) or "").casefold() for name in names)


def extension_of(row: Record) -> str:
    """The extension of a user as people dial it."""
    return seat_texts.extension_text(row.get("extension"))


# ----------------------------------------------------------------------
# THE FIRST MONTH
# ----------------------------------------------------------------------


def plan_since(row: Record) -> date | None:
    """The first day of the plan of a PBX: its own, else that of the acceptance."""
    return row.get("plan_since") or row.get("accepted_on")


def first_bill(
    pbx: Record,
    users: Iterable[Record],
    month: date,
    seat_policy: str,
    currency: Currency = EURO,
) -> Bill:
    """What the run bills of a PBX for a month, of a workbook without faults.

    :param users: of this PBX
    :param seat_policy: ``prorated`` or ``first_day``

    >>> desk = {"row": 2, "accepted_on": date(2026, 1, 1), "price": Decimal("10.50")}
    >>> users = [{"row": 2, "first_day": date(2026, 9, 14)}]
    >>> first_bill(desk, users, date(2026, 9, 1), "prorated")
    Bill(quantity=Decimal('0.57'), amount=Decimal('5.99'))
    """
    since, price = plan_since(pbx), pbx.get("price")
    if not since or not price or is_billed_elsewhere(month, pbx.get("billed_until")):
        return Bill(Decimal(0), Decimal(0))
    charges = seats.charges(
        [
            seats.Seat(
                row["row"],
                row["first_day"],
                row.get("last_day"),
                row.get("counts", True),
            )
            for row in users
        ],
        [seats.PlanPeriod("plan", since, None, price, seat_policy)],
        [first_of_month(month)],
    )
    quantity = sum((charge.quantity for charge in charges), Decimal(0))
    return Bill(quantity, currency.round(quantity * price))
