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
}
