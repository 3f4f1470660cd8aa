"""What a person sees: steps with their time, and problems with what to do about them."""

import contextlib
import os
import shlex
import subprocess
import sys
import threading
import time


class Problem(Exception):
    """Something that the person at the keyboard must know: what was tried, what to do."""

    def __init__(self, tried, advice=""):
        super().__init__(tried)
        self.tried = tried
        self.advice = advice


def say(text=""):
    """Print one line at once, also when the output is a file."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(title):
    """Announce a piece of work and print the seconds it took."""
    say(f">> {title}")
    start = time.monotonic()
    yield
    say(f"   done in {time.monotonic() - start:.1f} s")


@contextlib.contextmanager
def ticking(progress, seconds=15):
    """While something long runs, print now and then what ``progress()`` says of it."""
    over = threading.Event()

    def tick():
        while not over.wait(seconds):
            if text := progress():
                say(f"   ... {text}")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def together(problems):
    """Several problems as one, so that a person hears of all of them at once."""
    if len(problems) == 1:
        return problems[0]
    lines = [f"{len(problems)} things stand in the way:"]
    for number, problem in enumerate(problems, start=1):
        lines += [f" {number}. {problem.tried}", f"    What to do: {problem.advice}"]
    return Problem("\n".join(lines), "all of these, then the same command again")


def report(problem):
    """Print a problem to stderr."""
    sys.stderr.write(f"\nERROR: {problem.tried}\n")
    if problem.advice:
        sys.stderr.write(f"What to do: {problem.advice}\n")
    sys.stderr.flush()


def run(command, advice="", log=None, env=None, **options):
    """Run a command; a failure becomes a ``Problem`` that quotes its last lines.

    ``log`` names a file that receives all output; without it the output is kept in
    memory. Returns the output.
    """
    command = [str(part) for part in command]
    env = {**os.environ, **(env or {})}
    if log:
        with open(log, "ab") as stream:
            done = subprocess.run(
                command, stdout=stream, stderr=subprocess.STDOUT, env=env, **options
            )
        output = log.read_text(errors="replace")
    else:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            **options,
        )
        output = done.stdout.decode(errors="replace")
    if done.returncode:
        tail = "\n".join(output.splitlines()[-25:])
        where = f"\nThe whole log: {log}" if log else ""
        raise Problem(
            f"`{shlex.join(command)}` ended with status {done.returncode}:\n{tail}{where}",
            advice,
        )
    return output
