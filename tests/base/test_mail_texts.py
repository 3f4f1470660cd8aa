from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import NoxVoipCommon
from ..hostile_texts import TEXTS, mail_templates, records, wrong_in_mail

# One of each kind; ./dev fuzz texts tries the others.
VALUES = (
    "</textarea></title></style><script>nox(1)</script>",
    "<a href='javascript:nox(1)'>{{ 7*191 }}</a>",
    '"><img src=x onerror=nox(1)>\n<t t-out="7*191"/>',
)


@tagged("standard", "post_install", "-at_install")
class TestMailTexts(NoxVoipCommon):
    """What people write is a text in every mail of ours: no script, no expression, no
    line more in its head."""

    def test_texts_of_people_are_texts_in_every_mail(self):
        found = records(self)
        templates = mail_templates(self.env)
        self.assertGreater(len(templates), 14)
        for value in VALUES:
            self.assertGreater(self._store(found, value), 30)
            for template in templates:
                with self.subTest(template=template.name, value=value):
                    self.assertEqual(wrong_in_mail(template, found), "")

    def _store(self, found, value):
        """In how many fields a text is stored; what wants a number refuses it."""
        stored = 0
        for owner, names in TEXTS.items():
            for name in found[owner]._fields.keys() & {*names}:
                try:
                    with self.env.cr.savepoint():
                        found[owner].write({name: value})
                        self.env.flush_all()
                    stored += 1
                except UserError:
                    found[owner].invalidate_recordset()
        return stored
