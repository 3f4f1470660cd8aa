"""A forger: small changes of a pack, drawn by chance but the same for a seed."""

import re
from copy import deepcopy
from datetime import date, timedelta

from .builder import copied


def places(value, at=()):
    """Where a pack holds a value that is no object and no list: paths to it."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*at, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*at, number))
    else:
        yield at


def lists(value, at=()):
    """Paths to the lists that hold something."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from lists(each, (*at, name))
    elif isinstance(value, list):
        if value and at:
            yield at
        for number, each in enumerate(value):
            yield from lists(each, (*at, number))


def numbered_places(pack):
    return list(places(pack))


def get(value, place):
    for step in place:
        value = value[step]
    return value


def put(value, place, new):
    get(value, place[:-1])[place[-1]] = new


DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def other(rnd, value):
    """Another value of the same kind, as a forger would pick it."""
    if isinstance(value, bool):
        return not value
    if value is None:
        return rnd.choice(["x", 1, "2026-03-05"])
    if isinstance(value, int):
        return max(0, value + rnd.choice([-15, -1, 1, 1, 15, 60])) + (value == 0)
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        places_ = len(value.partition(".")[2])
        scaled = int(value.replace(".", "") or 0)
        scaled += rnd.choice([-100, -10, -1, 1, 10, 100])
        text = f"{abs(scaled):0{places_ + 1}d}"
        text = f"{text[:-places_]}.{text[-places_:]}" if places_ else text
        return ("-" if scaled < 0 else "") + text
    if re.fullmatch("[0-9a-f]{64}", value):
        return ("1" if value[0] != "1" else "2") + value[1:]
    if DAY.match(value):
        moved = date.fromisoformat(value[:10]) + timedelta(rnd.choice([-30, -1, 1, 30]))
        return str(moved) + value[10:]
    if re.fullmatch(r"\d{4}-\d{2}", value):
        return value[:-1] + ("4" if value[-1] != "4" else "5")
    if re.search(r"\d", value) and rnd.random() < 0.7:
        found = rnd.choice(list(re.finditer(r"\d", value)))
        digit = str((int(found.group()) + 1) % 10)
        return value[: found.start()] + digit + value[found.end() :]
    return value + rnd.choice(["x", " ", "."])


def mutated(rnd, pack):
    """((what was done, kind of the part, path), the changed pack), its chain as it
    was. Most changes are of a value, each as likely as any other."""
    pack = copied(pack)
    parts = pack["parts"]
    done = rnd.choice(["value"] * 14 + ["drop", "double", "swap", "part", "order"])
    if done in ("part", "order") and len(parts) > 1:
        number = rnd.randrange(1, len(parts))
        kind = parts[number]["kind"]
        if done == "part":
            del parts[number]
        else:
            parts[number - 1 : number + 1] = parts[number - 1 : number + 1][::-1]
        return (done, kind, ()), pack
    least = {"drop": 1, "double": 1, "swap": 2}.get(done)
    found = [
        (part, at)
        for part in parts
        for at in (lists if least else places)(part["content"])
        if not least or len(get(part["content"], at)) >= least
    ]
    part, at = rnd.choice(found)
    if least:
        change_list(rnd, done, get(part["content"], at))
    else:
        put(part["content"], at, other(rnd, get(part["content"], at)))
    return (done, part["kind"], at), pack


def change_list(rnd, done, values):
    number = rnd.randrange(len(values))
    if done == "drop":
        del values[number]
    elif done == "double":
        values.insert(number, deepcopy(values[number]))
    else:
        values[number - 1], values[number] = values[number], values[number - 1]


def path(at):
    """A path without the numbers: "lines.quantity"."""
    return ".".join(step for step in at if isinstance(step, str))
