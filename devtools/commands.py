"""The commands of ``./dev``, in the virtual environment."""

import argparse
import sys

from . import ui


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True)
    test = commands.add_parser("test")
    test.add_argument("-k", dest="keyword")
    test.add_argument("--lane", choices=["policy", "odoo", "runner", "base"])
    test.add_argument("--thorough", action="store_true")
    lint = commands.add_parser("lint")
    lint.add_argument("--fix", action="store_true")
    commands.add_parser("pot")
    demo = commands.add_parser("demo")
    demo.add_argument("--reset", action="store_true")
    demo.add_argument("--check", action="store_true")
    commands.add_parser("screenshots")
    commands.add_parser("stop")
    for name in ("shell", "update"):
        commands.add_parser(name).add_argument("database", nargs="?")
    commands.add_parser("db").add_argument("database")
    mutation = commands.add_parser("mutation")
    mutation.add_argument("--survivors", action="store_true")
    mutation.add_argument("--jobs", type=int)
    bench = commands.add_parser("bench")
    bench.add_argument("parts", nargs="*", metavar="main|month|large")
    bench.add_argument("--percent", type=int, default=100)
    bench.add_argument("--rounds", type=int, default=5)
    commands.add_parser("wheel")
    options = parser.parse_args(arguments)
    try:
        return globals()[f"command_{options.command}"](options) or 0
    except ui.Problem as problem:
        ui.report(problem)
        return 1
    except KeyboardInterrupt:
        ui.say("\nstopped")
        return 130


def command_test(options):
    from . import lanes

    return lanes.run(options.lane, options.keyword, options.thorough)


def command_lint(options):
    from . import lint

    return lint.run(options.fix)


def command_pot(_options):
    from . import translations

    translations.update()


def command_demo(options):
    from . import demo

    return demo.run(options.reset, options.check)


def command_screenshots(_options):
    from pictures import screenshots

    screenshots.run()


def command_stop(_options):
    from . import demo

    demo.stop()


def command_shell(options):
    from . import demo

    return demo.shell(options.database)


def command_update(options):
    from . import demo

    demo.update(options.database)


def command_db(options):
    from . import demo

    demo.make_database(options.database)


def command_mutation(options):
    from . import mutation

    return mutation.run(options.survivors, options.jobs)


def command_bench(options):
    from bench import run as bench

    unknown = set(options.parts) - set(bench.PARTS)
    if unknown:
        raise ui.Problem(
            f"there is no part {', '.join(sorted(unknown))}",
            f"choose from {', '.join(bench.PARTS)}",
        )
    return bench.run(options.parts, options.percent, options.rounds)


def command_wheel(_options):
    from . import wheel

    wheel.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
