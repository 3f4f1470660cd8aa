"""What Odoo and freezegun do anew all the time, and a long run of tests pays for: each
is done here with the same outcome. `tests/conftest.py` lets every test have it."""

import functools
import gc
import sys
from collections import deque
from types import SimpleNamespace
from weakref import WeakValueDictionary

from freezegun import api as freezegun_api

from . import large_pages


def keep_from_collector():
    """Odoo's registry and all that is imported stay to the end: Python does not walk
    them again for every few hundred new objects (an eighth of the time). What is new is
    walked often, for Odoo walks each environment that nobody uses any more, too."""
    gc.collect()
    large_pages.settle()
    gc.freeze()
    gc.set_threshold(2_000, 10, 1000)


def find_environments():
    """Odoo compares all environments of a transaction whenever one is asked for. Within
    one test these are a hundred; mostly it is the last one that had the same user and
    the same names in its context (a twentieth of the time). The last few stay at hand
    when nobody holds them: most of them are soon asked for again."""
    from odoo.orm.environments import Environment

    make = Environment.__new__
    latest = WeakValueDictionary()
    kept = deque(maxlen=32)

    def find(cls, cr, uid, context, su=False):
        key = (uid, su, *context)
        env = latest.get(key)
        if not (
            env is not None
            and env.cr is cr
            and env.context == context
            and env in env.transaction.envs
        ):
            env = latest[key] = make(cls, cr, uid, context, su)
            kept.append(env)
        return env

    Environment.__new__ = find


def follow_triggers():
    """Whenever something is written, Odoo merges what depends on each of its fields,
    and leaves out what needs no look. What depends on the same fields together is the
    same each time: it is merged once (a tenth of the time)."""
    from odoo.orm.registry import Registry, TriggerTree

    merge = Registry.get_trigger_tree

    @functools.wraps(merge)
    def get_trigger_tree(self, fields, select=bool):
        # Odoo empties it when there are other fields.
        whole = self._field_trigger_trees.get(key := tuple(fields))
        if whole is None:
            whole = self._field_trigger_trees[key] = merge(self, key)
        return kept(whole, select)

    def kept(tree, select):
        result = TriggerTree([field for field in tree.root if select(field)])
        for label, subtree in tree.items():
            if subtree := kept(subtree, select):
                result[label] = subtree
        return result

    Registry.get_trigger_tree = get_trigger_tree


def stop_clocks_quickly():
    """Freezegun looks at thousands of modules whenever a clock is stopped; a few
    hundred of them know a clock. The others are looked at again when they have got
    another name."""
    freezegun_api._get_module_attributes_hash = _names_of
    freezegun_api.sys = SimpleNamespace(modules=_ModulesWithClock())


def _names_of(module):
    return f"{id(module)}-{len(vars(module))}"


class _ModulesWithClock:
    """``sys.modules``, as freezegun goes through it."""

    def __init__(self):
        # ``{name: what it was without a clock}``
        self.without = {}

    def keys(self):
        return sys.modules.keys()

    def get(self, name, default=None):
        return sys.modules.get(name, default)

    def items(self):
        """The modules that know a clock, or may know one by now."""
        found = []
        for name, module in list(sys.modules.items()):
            state = (id(module), len(getattr(module, "__dict__", ())))
            if self.without.get(name) == state:
                continue
            found.append((name, module))
            known = freezegun_api._GLOBAL_MODULES_CACHE.get(
                getattr(module, "__name__", None)
            )
            if known == (_names_of(module), []):
                self.without[name] = state
        return found
