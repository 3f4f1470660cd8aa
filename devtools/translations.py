"""The .pot file and the Dutch translation: export, merge, check.

``i18n/`` holds the addon's own texts. ``i18n_extra/nl.po`` holds texts of the addons
below it that have no Dutch there: Odoo loads the file with the addon, and its entries
name the records of the addons they belong to.
"""

import sys
from pathlib import Path

import polib

from . import database, odoo_process, ui
from .places import ADDON, ADDON_NAME, RUNS, db_prefix

POT = ADDON / "i18n" / f"{ADDON_NAME}.pot"
DUTCH = ADDON / "i18n" / "nl.po"
BASE = ["helpdesk_mgmt", "helpdesk_mgmt_sale", "contract", "contract_sale"]
BASE_DUTCH = ADDON / "i18n_extra" / "nl.po"
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
    dutch.metadata = _dutch_metadata(fresh.metadata)
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
    gaps = _base_gaps(fresh.metadata)
    gaps.save(str(BASE_DUTCH))
    ui.say(f"{len(gaps)} of the base, {len(gaps.untranslated_entries())} without Dutch")


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

    gaps, kept = _base_gaps(fresh.metadata), polib.pofile(str(BASE_DUTCH))
    if [str(entry) for entry in gaps] != [str(entry) for entry in kept]:
        yield f"{BASE_DUTCH.relative_to(ADDON)} is not up to date: ./dev pot"
    for entry in gaps.untranslated_entries():
        yield f"texts of the base, not translated: {entry.msgid[:80]!r}"


def _base_gaps(metadata):
    """What the OCA addons have no Dutch for, with ours where there is one.

    Texts in their code are left out: Odoo looks those up in the addon itself alone.
    """
    ours = polib.pofile(str(BASE_DUTCH)) if BASE_DUTCH.exists() else []
    known = {(entry.comment, entry.msgid): entry.msgstr for entry in ours}
    gaps = polib.POFile()
    gaps.metadata = _dutch_metadata(metadata)
    for addon in BASE:
        [folder] = Path(sys.prefix).glob(
            f"lib/python3*/site-packages/odoo/addons/{addon}/i18n"
        )
        theirs = {
            entry.msgid
            for path in folder.glob("nl*.po")
            if path.stem in ("nl", "nl_NL")
            for entry in polib.pofile(str(path)).translated_entries()
        }
        for entry in polib.pofile(str(folder / f"{addon}.pot")):
            places = [place for place in entry.occurrences if place[0][:5] != "code:"]
            if places and entry.msgid not in theirs:
                entry.occurrences = places
                entry.msgstr = known.get((entry.comment, entry.msgid), "")
                gaps.append(entry)
    # Odoo's own, of which no file tells what is missing: kept as written by hand.
    gaps += [
        entry for entry in ours if entry.comment not in map("module: {}".format, BASE)
    ]
    return gaps


def _dutch_metadata(metadata):
    return {
        **metadata,
        "Language": "nl",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }


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
