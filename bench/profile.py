"""Where the time of a piece of work goes: by addon, and by function of ours."""

import cProfile
import pstats
import re

ADDON = re.compile(r"/odoo/addons/(\w+)/|/(nox_voip_service)/")
# What Odoo itself does for an order or an invoice, whoever asks for it.
LANDMARKS = {
    ("account_move.py", "create"): "account.move create",
    ("account_move.py", "_post"): "account.move _post",
    ("account_move_line.py", "create"): "account.move.line create",
    ("sale_order.py", "_create_invoices"): "sale.order _create_invoices",
    ("sale_order.py", "create"): "sale.order create",
    ("sale_order.py", "action_confirm"): "sale.order action_confirm",
    ("mail_thread.py", "message_post"): "mail.thread message_post",
}


def profiled(work):
    """Run ``work`` under the profiler; its answer, with the lines of the profile."""
    profiler = cProfile.Profile()
    answer = profiler.runcall(work)
    stats = pstats.Stats(profiler)
    total = stats.total_tt or 1
    return {**(answer or {}), "profile": _lines(stats.stats, total)}


def _lines(stats, total):
    own, cumulative, landmarks = {}, {}, {}
    for (path, _line, function), (_calls, calls, inner, outer, _by) in stats.items():
        found = ADDON.search(path)
        name = (found[1] or found[2]) if found else _elsewhere(path, function)
        own[name] = own.get(name, 0) + inner
        if name == "nox_voip_service":
            cumulative[f"{path.rsplit('/', 1)[-1]}: {function}"] = (outer, calls)
        mark = LANDMARKS.get((path.rsplit("/", 1)[-1], function))
        if mark:
            landmarks[mark] = max(landmarks.get(mark, 0), outer)
    lines = [f"{total:.2f} s under the profiler; time spent in the code of"]
    by_size = sorted(own.items(), key=lambda item: -item[1])
    lines += [f"  {100 * s / total:5.1f}%  {name}" for name, s in by_size[:8]]
    lines.append("Odoo's own steps, with all they call")
    by_size = sorted(landmarks.items(), key=lambda item: -item[1])
    lines += [f"  {100 * s / total:5.1f}%  {name}" for name, s in by_size]
    lines.append("our functions, with all they call")
    by_size = sorted(cumulative.items(), key=lambda item: -item[1][0])
    lines += [
        f"  {100 * s / total:5.1f}%  {calls:7} calls  {name}"
        for name, (s, calls) in by_size[:20]
    ]
    return lines


def _elsewhere(path, function):
    if "execute" in function and "psycopg2" in function:
        return "PostgreSQL"
    if "/odoo/" in path:
        return "Odoo's framework"
    return "Python and libraries"
