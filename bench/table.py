"""The lines of the bench's table, and how two stacks are set beside each other."""

import statistics
from dataclasses import dataclass

from devtools import ui

# Short turns in a round of what takes milliseconds.
TURNS = 8


@dataclass
class Row:
    """One line of the table."""

    title: str
    figures: str
    limit: str = ""
    good: bool = True
    profile: tuple = ()

    @property
    def verdict(self):
        return "" if not self.limit else "holds" if self.good else "FAILS"


def print_table(part, rows):
    title = f"{part} (medians)"
    width = max(len(row.title) for row in rows)
    figures = max(len(row.figures) for row in rows)
    limits = max(len(row.limit) for row in rows)
    ui.say(f"\n== {title}")
    for row in rows:
        ui.say(
            f"{row.title:{width}}  {row.figures:{figures}}"
            f"  {row.limit:{limits}}  {row.verdict}".rstrip()
        )
    for row in rows:
        if row.profile:
            ui.say(f"\nWhere the time goes in: {row.title}")
            for line in row.profile:
                ui.say(f"  {line}")


def turns(pair, rounds, tell, work, each=1):
    """``{kind: [answers]}`` of ``work(worker, turn)``, turn by turn.

    :param each: turns in a round; many short ones, and what else the machine does in
        a second meets both
    """
    answers = {worker.kind: [] for worker in pair}
    for number in range(rounds * each):
        # Whoever comes second finds a warmer machine: change places.
        for worker in pair if number % 2 else reversed(pair):
            answers[worker.kind].append(work(worker, number))
        if not (number + 1) % each:
            ui.say(f"   {tell}: round {(number + 1) // each} of {rounds}")
    return answers


def median(answers, name):
    return statistics.median(answer[name] for answer in answers)


def compare(title, answers, ratio, more_queries=None, most_queries=None, profile=None):
    """A row that sets the bare stack beside the addon."""
    bare, addon = answers["bare"], answers["addon"]
    seconds = [median(each, "seconds") for each in (bare, addon)]
    queries = [median(each, "queries") for each in (bare, addon)]
    found = seconds[1] / seconds[0]
    good, limits = found <= ratio, [f"at most {ratio} x"]
    if more_queries is not None:
        good &= queries[1] - queries[0] <= more_queries
        limits.append(f"{more_queries} more queries")
    if most_queries is not None:
        good &= queries[1] <= most_queries
        limits.append(f"{most_queries} queries")
    figures = (
        f"bare {seconds[0] * 1000:8.1f} ms {queries[0]:8.1f} q   "
        f"addon {seconds[1] * 1000:8.1f} ms {queries[1]:8.1f} q   {found:.2f} x"
    )
    why = () if good or not profile else profile()
    return Row(title, figures, ", ".join(limits), good, why)
