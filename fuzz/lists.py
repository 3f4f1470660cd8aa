"""Lists of users as telephone systems export them, damaged: read whole or refused with
a sentence, and nothing is written by half."""

import base64
from datetime import date
from pathlib import Path

from odoo.exceptions import UserError

from tests.common_seats import SeatMixin

from .world import undone

CASES = Path(__file__).parents[1] / "tests" / "cases" / "pbx"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "latin-1")
CELLS = ("=1+1", "1E+03", "2026-02-30", "46082", "45,5", "\0", "x" * 500, "", '"', "'")
CELLS += ("<script>nox(1)</script>", "201", "00201", "٢٠١", "2026-03-01T00:00", "+31")


class Seats(SeatMixin):
    """The PBX of the tests of lists."""


def send(env, play):
    Seats.env = env
    Seats.setUpNox()
    Seats.setUpSeats()
    Seats._seat("202", "Bram Kok")
    Seats._seat("203", "Carla 't Hart")
    env = Seats.env
    env.flush_all()
    files = sorted(CASES.glob("*.csv"))
    known = _state()
    for number in range(play.inputs):
        path = files[number % len(files)]
        # Every file comes as it is once.
        raw = path.read_bytes()
        if number >= len(files):
            raw = _damaged(raw, play.random, rows=10_000 if number % 40 == 0 else 0)
        with undone(env):
            why = _tried(env, raw, play, known)
        play.did(play.inputs)
        if why:
            play.problem(f"{path.name} (number {number})", why)


def _state():
    return Seats.pbx.seat_ids.mapped(lambda s: (s.extension, s.name, s.date_end))


def _damaged(raw, chance, rows):
    text = raw.decode("utf-8", "replace")
    lines = text.splitlines() or [""]
    mark = max(",;\t", key=lines[0].count)
    for _each in range(chance.randrange(4)):
        at = chance.randrange(len(lines))
        cells = lines[at].split(mark)
        cells[chance.randrange(len(cells))] = chance.choice(CELLS)
        lines[at] = mark.join(cells)
    if chance.random() < 0.3:
        lines.append(chance.choice(lines))
    if chance.random() < 0.2:
        lines.insert(0, "sep=" + mark)
    if rows:
        lines += [lines[-1].replace("203", str(1000 + n)) for n in range(rows)]
    other = chance.choice((mark, mark, ";", "\t", "|"))
    text = chance.choice(("\n", "\r\n", "\r")).join(lines).replace(mark, other)
    raw = text.encode(chance.choice(ENCODINGS), "replace")
    return raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.05 else raw


def _tried(env, raw, play, known):
    """What is wrong with what a file did."""
    dialog = env["nox.seat.compare"].with_user(Seats.technician)
    values = {"pbx_id": Seats.pbx.id, "date": date(2026, 6, 1)}
    values["file"] = base64.b64encode(raw) or False
    for step in ("create", "action_compare", "action_apply"):
        point = env.cr.savepoint()
        try:
            if step == "create":
                dialog = dialog.create(values)
            else:
                getattr(dialog, step)()
            env.flush_all()
            point.close(rollback=False)
            play.noted[step] += 1
        except UserError as refusal:
            point.close(rollback=True)
            env.invalidate_all(flush=False)
            play.noted["refused"] += 1
            if not str(refusal).strip().endswith((".", "?", "!")):
                return f"no sentence: {str(refusal)[-80:]!r}"
            return "" if _state() == known else "written by half"
        except Exception as error:
            point.close(rollback=True)
            return f"{step}: {type(error).__name__}: {error}"
        if step != "action_apply" and _state() != known:
            return "looking wrote something"
    names = "".join(Seats.pbx.seat_ids.mapped("name"))
    return "a formula was kept" if "=1+1" in names else ""
