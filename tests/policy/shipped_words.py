"""The headings and values of lists that every database gets, read from their data."""

import re
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.nox_voip_service import policy
from odoo.addons.nox_voip_service.policy.seat_layout import vocabulary

DATA = Path(policy.__path__[0]).parent / "data" / "pbx" / "nox_seat_word_data.xml"


def shipped_words():
    found = {}
    for record in ElementTree.parse(DATA).getroot():
        values = {field.get("name"): field.text for field in record}
        found[values["meaning"]] = re.split(r"[,\n]", values["words"])
    return vocabulary(found)


WORDS = shipped_words()
