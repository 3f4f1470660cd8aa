from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.models import fix_import_export_id_paths

from ...policy import names, seat_history, seat_texts

MAX_ROWS = 5000


class NoxPbxSeat(models.Model):
    """Import of users through Odoo's own import screen: accepted whole or refused
    whole, each refused row with its number and a sentence."""

    _inherit = "nox.pbx.seat"

    # ------------------------------------------------------------------
    # IMPORT
    # ------------------------------------------------------------------

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for users of a PBX"),
                "template": "/nox_voip_service/users_template.xlsx",
            }
        ]

    @api.model
    def load(self, fields, data):
        """Import users; one transaction, whatever the size of a batch is set to."""
        if len(data) > MAX_ROWS:
            message = self.env._(
                "The file has %(rows)s rows. At most %(limit)s users can be imported"
                " at once; divide the file.",
                rows=len(data),
                limit=MAX_ROWS,
            )
            return self._import_refused([{"type": "error", "message": message}])
        whole = self.with_context(
            _import_limit=None, import_skip_records=[], name_create_enabled_fields={}
        )
        data = whole._plain_rows(fields, data)
        problems = whole._import_problems(fields, data)
        if problems:
            return self._import_refused(problems)
        result = super(NoxPbxSeat, whole).load(fields, data)
        if not result["ids"]:
            result["messages"] = self._without_repetition(result["messages"])
        return result

    @api.model
    def _import_refused(self, messages):
        return {"ids": False, "messages": messages, "nextrow": 0}

    @api.model
    def _without_repetition(self, messages):
        """The base reports a failed batch at its first row, and once more at the
        row that is to blame: only the latter helps."""
        return [
            message
            for number, message in enumerate(messages)
            if not any(
                message["message"] == later["message"]
                for later in messages[number + 1 :]
            )
        ]

    @api.model
    def _plain_rows(self, fields, data):
        """Extensions as people dial them: a spreadsheet makes 201.0 of 201."""
        if "extension" not in fields:
            return data
        column = fields.index("extension")
        return [
            [
                seat_texts.extension_text(cell) if number == column else cell
                for number, cell in enumerate(row)
            ]
            for row in data
        ]

    @api.model
    def _import_problems(self, field_names, data):
        """Messages for every row that cannot be taken, before anything is written."""
        paths, rows = self._import_columns(field_names, data)
        messages = []
        extracted = self._extract_records(paths, rows, log=messages.append)
        with self.env.cr.savepoint() as savepoint:
            converted = list(
                self._convert_records(
                    extracted, log=messages.append, savepoint=savepoint
                )
            )
        # A warning of the base is a guess, such as one of two PBXs of a name.
        messages = [dict(message, type="error") for message in messages]
        blamed = {message.get("record") for message in messages}
        replacing = self._replacing_rows(field_names, data)
        entries = {}
        for dbid, xid, values, info in converted:
            row = info["record"]
            if row in blamed:
                continue
            text = self._import_text_problem(values)
            if text:
                messages.append(dict(info, type="error", **text))
                continue
            entry = self._import_entry(row, dbid, xid, values)
            if not entry:
                continue  # The base says which field is missing.
            if entry.last and entry.last < entry.first:
                message = self.env._(
                    "The last day of %(name)s comes before the first day.",
                    name=values.get("name") or entry.extension,
                )
                messages.append(
                    dict(info, type="error", field="date_end", message=message)
                )
            else:
                entries[entry.key] = (entry, info, values.get("name"))
        messages += self._import_clashes(entries, replacing)
        messages += self._import_oddities(entries)
        return sorted(messages, key=lambda message: message.get("record") or 0)

    @api.model
    def _import_columns(self, field_names, data):
        """Columns to look at first: a leaver may stand in the same file, and is
        found when the rows are created."""
        keep = [
            number
            for number, name in enumerate(field_names)
            if name and name.split("/")[0] != "replaces_id"
        ]
        paths = [fix_import_export_id_paths(field_names[number]) for number in keep]
        return paths, [[row[number] for number in keep] for row in data]

    @api.model
    def _replacing_rows(self, field_names, data):
        columns = [
            number
            for number, name in enumerate(field_names)
            if name and name.split("/")[0] == "replaces_id"
        ]
        return {
            number
            for number, row in enumerate(data)
            if any(row[column] for column in columns)
        }

    @api.model
    def _import_text_problem(self, values):
        """What is wrong with name or extension of a row: field and sentence."""
        for name, limit in (
            ("extension", seat_texts.EXTENSION_LENGTH),
            ("name", seat_texts.NAME_LENGTH),
        ):
            if name not in values:
                continue
            text = values[name] or ""
            if name == "extension" and seat_texts.spreadsheet_problem(text):
                return {"field": name, "message": self._spreadsheet_refusal(text)}
            if code := seat_texts.text_problem(text, limit):
                return {
                    "field": name,
                    "message": self._text_refusal(code, text, limit),
                }
        return None

    @api.model
    def _spreadsheet_refusal(self, text):
        return self.env._(
            "Excel made a number or a date of the extension (%(text)s). Give the column"
            " the format Text, fill in the extension and save the list again.",
            text=text[:40],
        )

    @api.model
    def _import_oddities(self, entries):
        """Messages for users as a wrong column gives them: a log-in for a name, an
        outside number for the extension of a PBX whose extensions are short."""
        new = [each for key, each in entries.items() if key < 0]
        known = self.search_fetch(
            [("pbx_id", "in", list({entry.pbx for entry, _info, _name in new}))],
            ["pbx_id", "extension"],
        ).grouped("pbx_id")
        short = {
            pbx.id
            for pbx, seats in known.items()
            if not any(map(seat_texts.is_outside_number, seats.mapped("extension")))
        }
        messages = []
        for entry, info, _name in new:
            if entry.pbx in short and seat_texts.is_outside_number(entry.extension):
                message = self.env._(
                    "%(extension)s is as long as an outside number; the extensions of"
                    " this PBX are short. Is it the right column?",
                    extension=entry.extension,
                )
                messages.append(
                    dict(info, type="error", field="extension", message=message)
                )
        logins = [each for each in new if names.looks_like_login(each[2] or "-")]
        if 3 * len(logins) > len(new):
            for _entry, info, name in logins:
                message = self.env._(
                    "%(name)s looks like a log-in, a mail address or a number, not like"
                    " a name. Is it the right column?",
                    name=name,
                )
                messages.append(dict(info, type="error", field="name", message=message))
        return messages

    @api.model
    def _import_entry(self, row, dbid, xid, values):
        """A row as the rule of one user at a time wants it; keys of rows are
        negative, so that they differ from those of users in the users."""
        seat = self.browse(dbid) if dbid else self._import_seat(xid)
        default = seat._policy_use() if seat else None
        pbx = values.get("pbx_id") or (
            default.pbx if default else self.env.context.get("default_pbx_id")
        )
        extension = values.get("extension") or (default and default.extension)
        first = fields.Date.to_date(values.get("date_start")) or (
            default.first if default else self.env.company._service_today()
        )
        last = (
            fields.Date.to_date(values["date_end"])
            if "date_end" in values
            else default and default.last
        )
        if not pbx or not extension:
            return None
        key = seat.id if seat else -row - 1
        replaces = default and default.replaces
        return seat_history.Use(key, pbx, extension, first, last or None, replaces)

    @api.model
    def _import_seat(self, xid):
        """The user that an external id in the file stands for, if there is one."""
        if not xid:
            return self.browse()
        if "." not in xid:
            xid = f"__import__.{xid}"
        try:
            found = self.env.ref(xid, raise_if_not_found=False)
        except AccessError:
            found = None
        return found if found is not None and found._name == self._name else self

    @api.model
    def _import_clashes(self, entries, replacing):
        """Messages for extensions that two users would have on one day, in the file
        or in the users."""
        mine = [entry for entry, _info, _name in entries.values()]
        known = self.search(
            [
                ("pbx_id", "in", list({entry.pbx for entry in mine})),
                ("extension", "in", list({entry.extension for entry in mine})),
                ("id", "not in", [key for key in entries if key > 0]),
            ],
            order="date_start, id",
        )
        messages = []
        for first, second in seat_history.clashes(
            [seat._policy_use() for seat in known] + mine
        ):
            if second.key not in entries:
                continue  # Known before, both of them.
            _entry, info, _name = entries[second.key]
            if info["record"] in replacing and first.last == second.first:
                continue
            if first.key in entries:
                message = self.env._(
                    "Extension %(extension)s stands in the file twice for some of the"
                    " same days: %(other)s has it too.",
                    extension=second.extension,
                    other=entries[first.key][2] or first.extension,
                )
            else:
                message = self._clash_refusal(first)
            messages.append(
                dict(info, type="error", field="extension", message=message)
            )
        return messages
