from contextlib import contextmanager
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.orm.registry import DummyRLock, Registry
from odoo.service import model as service
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger

from .common import NoxVoipMixin


class NoxRaceCase(NoxVoipMixin, BaseCase):
    """Two people, or two workers, at the same moment, each in a transaction of its own
    that is committed: PostgreSQL serialises, Odoo repeats the second. Who makes
    records removes them (`_remove`)."""

    # Companies of the environments, once there is one.
    company_ids = None

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's own runner holds the registry's lock while the tests run; the two
        # would wait for it in vain.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        # The pause before a second try, 2 seconds otherwise.
        self.startPatcher(patch.object(service.random, "uniform", return_value=0.02))

    @contextmanager
    def _env(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if self.company_ids:
                env = env(context={"allowed_company_ids": self.company_ids})
            yield env

    def _at_once(self, see, action):
        """Let two transactions see the same before either acts on it; the refusals.

        :param see: called with an environment, reads what both see
        :param action: called with what was seen
        """
        start, refusals = Barrier(2, timeout=120), []

        def act():
            try:
                with self._env() as env:
                    seen = see(env)
                    start.wait()
                    service.retrying(lambda: action(seen), env)
            except UserError as refusal:
                refusals.append(refusal)

        threads = [Thread(target=act) for _ in range(2)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        return refusals
