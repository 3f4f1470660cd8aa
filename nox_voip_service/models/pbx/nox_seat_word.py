import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import seat_layout

MAX_WORDS = 10_000


class NoxSeatWord(models.Model):
    """Headings and values of the lists of users that telephone systems export, with
    what they mean. A manager adds those of a system that is not known yet."""

    _name = "nox.seat.word"
    _description = "Words in Lists of Users"
    _order = "sequence, id"
    _rec_name = "meaning"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    meaning = fields.Selection(
        [
            ("extension", "Heading: extension"),
            ("name", "Heading: whole name"),
            ("first_name", "Heading: first name"),
            ("infix", "Heading: part between first and last name"),
            ("last_name", "Heading: last name"),
            ("other_name", "Heading: name, where there is no better one"),
            ("kind", "Heading: user, device, queue..."),
            ("status", "Heading: active or not"),
            ("blocked", "Heading: blocked or not"),
            ("action", "Heading: what an import does with the row"),
            ("phone", "Heading: outside number"),
            ("login", "Heading: log-in or mail address"),
            ("secret", "Heading: password or PIN, never kept"),
            ("no", "Value: not active"),
            ("yes", "Value: blocked"),
            ("deleted", "Value: deleted"),
            ("no_user", "Value: a device, queue, room or location"),
            ("user", "Value: a user"),
        ],
        required=True,
    )
    words = fields.Text(
        required=True,
        help="Divided by commas, the preferred first. Capitals, spaces, accents and"
        " signs do not count.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("words")
    def _check_words(self):
        for word in self:
            if len(word.words) > MAX_WORDS:
                raise ValidationError(
                    self.env._(
                        "These words are too long: at most %(limit)s characters.",
                        limit=MAX_WORDS,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _vocabulary(self):
        """All words as `seat_layout` wants them."""
        words = {}
        for record in self.search([("active", "=", True)]):
            found = re.split(r"[,\n]", record.words or "")
            words.setdefault(record.meaning, []).extend(found)
        return seat_layout.vocabulary(words)
