"""What holds of all neighbours at once."""

import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from neighbours import lane

GLUE = lane.glue()


@tagged("standard", "post_install", "-at_install")
class TestSideBySide(TransactionCase):
    def test_neighbours_and_glue_are_installed(self):
        wanted = {*lane.names(lane.REQUIREMENTS.read_text())}
        wanted |= {path.name for path in GLUE}
        found = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.assertFalse(wanted - set(found.mapped("name")))

    def test_every_text_of_the_glue_is_dutch(self):
        for path in GLUE:
            with self.subTest(addon=path.name):
                stream = io.BytesIO()
                trans_export(False, [path.name], stream, "po", self.env)
                texts = {
                    entry.msgid for entry in polib.pofile(stream.getvalue().decode())
                }
                dutch = polib.pofile(str(path / "i18n" / "nl.po"))
                known = {entry.msgid for entry in dutch.translated_entries()}
                self.assertEqual(texts, known)
