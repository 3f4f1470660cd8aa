"""A process with one Odoo database open, that does what it is told line by line.

Started by ``bench.run``: ``python -m bench.worker CONFIG MODULE``.
Reads a JSON line ``{"do": name, ...arguments}`` and answers with one; everything that
Odoo prints goes to stderr, the bench's log.
"""

import json
import os
import sys
from importlib import import_module

from . import profile


def main(config, module):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import odoo
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", config, "--max-cron-threads=0"])
    work = import_module(f"bench.{module}")
    registry = Registry(odoo.tools.config["db_name"][0])
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        print("{}", file=answers, flush=True)
        for line in sys.stdin:
            task = json.loads(line)
            do = getattr(work, task.pop("do"))
            if task.pop("profile", False):
                answer = profile.profiled(lambda do=do, task=task: do(env, **task))
            else:
                answer = do(env, **task)
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
