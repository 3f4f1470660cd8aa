import inspect
import json
import os
from pathlib import Path

from odoo.http import Controller
from odoo.tests import TransactionCase, tagged

OURS = "odoo.addons.nox_voip_service"
KEPT = Path(__file__).with_name("signatures.json")
VARIABLE = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def own_functions(cls):
    """``(name, function)`` of what a class of ours defines itself."""
    for name, value in vars(cls).items():
        function = inspect.unwrap(value) if callable(value) else None
        if inspect.isfunction(function) and not name.startswith("__"):
            yield name, function


def overridden(classes):
    """``(name, ours, base's)`` of each method of ours that stands before one that is
    not ours, in the order in which Python looks.

    :param classes: of a model or a controller
    """
    for place, cls in enumerate(classes):
        if not cls.__module__.startswith(OURS):
            continue
        for name, ours in own_functions(cls):
            for behind in classes[place + 1 :]:
                base = vars(behind).get(name)
                if base is not None and not behind.__module__.startswith(OURS):
                    if callable(base):
                        yield name, ours, inspect.unwrap(base)
                    break


def takes(ours, base):
    """Whether a call that the base's method understands is understood by ours: no
    parameter is missing or has another place, and none more is asked for."""
    mine = inspect.signature(ours).parameters
    theirs = inspect.signature(base).parameters
    more = [each for name, each in mine.items() if name not in theirs]
    if VARIABLE.isdisjoint(each.kind for each in theirs.values()) and any(
        each.default is each.empty and each.kind not in VARIABLE for each in more
    ):
        return False
    both = [name for name in theirs if name in mine]
    if both != [name for name in mine if name in theirs]:
        return False
    kinds = {parameter.kind for parameter in mine.values()}
    for name, parameter in theirs.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            if parameter.kind not in kinds:
                return False
        elif parameter.kind is parameter.VAR_KEYWORD:
            if parameter.kind not in kinds:
                return False
        elif name not in mine and not VARIABLE & kinds:
            return False
    return True


@tagged("standard", "post_install", "-at_install")
class TestSignatures(TransactionCase):
    """Every method of Odoo and of the OCA addons that we extend is called as it was
    when we wrote ours: a new release says here what it changed.

    ``NOX_WRITE_SIGNATURES=1`` writes down what is there now, after somebody looked.
    """

    def _overridden(self):
        for name, model in self.env.registry.items():
            for found in overridden(model.mro()):
                yield name, *found
        waiting = [Controller]
        while waiting:
            cls = waiting.pop()
            waiting += cls.__subclasses__()
            if cls.__module__.startswith(OURS):
                for found in overridden(cls.mro()):
                    yield cls.__name__, *found

    def test_base_calls_our_methods_as_it_did(self):
        now, misfits = {}, []
        for owner, name, ours, base in self._overridden():
            where = base.__module__.removeprefix("odoo.addons.")
            now[f"{where} {base.__qualname__}"] = str(inspect.signature(base))
            if not takes(ours, base):
                misfits.append(f"{owner}.{name}{inspect.signature(ours)}")
        self.assertGreater(len(now), 100)
        self.assertEqual(misfits, [])
        now = dict(sorted(now.items()))
        if os.environ.get("NOX_WRITE_SIGNATURES"):
            KEPT.write_text(json.dumps(now, indent=1) + "\n")
        self.assertEqual(json.loads(KEPT.read_text()), now)
