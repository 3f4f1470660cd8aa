"""The .pot file and the Dutch translation: export, merge, check."""

import polib

from . import database, odoo_process, ui
from .places import ADDON, ADDON_NAME, RUNS, db_prefix

POT = ADDON / "i18n" / f"{ADDON_NAME}.pot"
DUTCH = ADDON / "i18n" / "nl.po"
EXPORT = """
from odoo.tools.translate import trans_export
with open({path!r}, "wb") as stream:
    trans_export(False, ["{addon}"], stream, "po", env)
"""


def update():
    """Write the .pot of the addon as it is, and bring nl.po up to date with it."""
    fresh = _export()
    POT.parent.mkdir(exist_ok=True)
    fresh.save(str(POT))
    dutch = polib.pofile(str(DUTCH)) if DUTCH.exists() else polib.POFile()
    dutch.metadata = {
        **fresh.metadata,
        "Language": "nl",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    dutch.merge(fresh)
    for entry in [entry for entry in dutch if entry.obsolete]:
        dutch.remove(entry)
    for entry in dutch:
        if "fuzzy" in entry.flags:
            # A guess is no translation.
            entry.flags.remove("fuzzy")
            entry.msgstr = ""
        entry.previous_msgid = None
    dutch.save(str(DUTCH))
    ui.say(f"{len(fresh)} texts, {len(dutch.untranslated_entries())} without Dutch")


def problems():
    """What is not up to date, one line each."""
    fresh = _export()
    if not POT.exists() or _texts(polib.pofile(str(POT))) != _texts(fresh):
        yield f"{POT.name} is not up to date: ./dev pot"
    if not DUTCH.exists():
        yield "there is no nl.po: ./dev pot"
        return
    dutch = polib.pofile(str(DUTCH))
    missing = _texts(fresh) - _texts(dutch)
    yield from (f"nl.po lacks: {text[:80]}" for text in sorted(missing))
    for entry in dutch:
        if entry.obsolete or "fuzzy" in entry.flags or not entry.msgstr:
            yield f"nl.po, not translated: {entry.msgid[:80]!r}"


def _texts(catalogue):
    return {entry.msgid for entry in catalogue if not entry.obsolete}


def _export():
    """The addon's texts as Odoo exports them, without what changes with the day."""
    path = RUNS / f"{db_prefix()}-export.pot"
    with database.fresh(database.installed(), "lint") as name:
        config = odoo_process.write_config(RUNS / name, name)
        script = EXPORT.format(path=str(path), addon=ADDON_NAME)
        odoo_process.shell(config, script, RUNS / name / "odoo.log")
    catalogue = polib.pofile(str(path))
    for key in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(key, None)
    return catalogue
