"""The scenarios: what each does, and how often in a full round of `./dev faults`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """``play`` is ``module:function`` of this package; ``customers`` have a contract."""

    title: str
    play: str
    rounds: int
    customers: int = 20


SCENARIOS = {
    "kill": Scenario("`kill -9` at a random point of a run", "crash:kill", 40),
    "terminate": Scenario(
        "`pg_terminate_backend` at a random point of a run", "crash:terminate", 40
    ),
    "stop": Scenario(
        "PostgreSQL stopped, or its power cut, in a run, and started again",
        "crash:stop",
        10,
    ),
    "two": Scenario("two workers at one run", "workers:two", 20),
    "four": Scenario("four workers at one run", "workers:four", 20),
    "edits": Scenario(
        "two people change users, contracts and prices during the run",
        "edits:edits",
        20,
    ),
    "locked": Scenario(
        "rows of two customers are held for longer than the run waits",
        "edits:locked",
        20,
    ),
    "poison": Scenario(
        "1, 10% and 50% of the customers cannot be billed; then they are mended",
        "edits:poison",
        9,
        40,
    ),
    "disk": Scenario("the disk of the database is full during a run", "disk:full", 10),
    "update": Scenario(
        "the addon is updated while a run is open: killed, or at work beside it",
        "upkeep:update",
        6,
    ),
    "restore": Scenario(
        "a backup from before the run is put back after it", "upkeep:restore", 5
    ),
    "mail": Scenario(
        "the mail server is down while the run sends, and slow when it is back",
        "mail:down",
        4,
        4,
    ),
    "prefork": Scenario(
        "a prefork server ends its workers at their time limit",
        "prefork:limits",
        2,
        1500,
    ),
    "hour": Scenario(
        "two and four technicians cross the hour at once", "people:hour", 200
    ),
    "approve": Scenario("two people sign one quote at once", "people:approve", 200),
    "change": Scenario(
        "a customer signs while staff raise the price", "people:change", 200
    ),
    "clicks": Scenario(
        "two clicks at once on the buttons that bill, send, post and credit",
        "people:clicks",
        200,
    ),
}
