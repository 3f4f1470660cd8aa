from odoo import models


class NoxPlanEdition(models.Model):
    _inherit = "nox.plan.edition"

    def _evidence_part(self, pack):
        """The part that says how time and users were counted; with its table.

        :return: its id
        """
        content = self.content
        key = f"{content['code']}:{self.sha256[:12]}"
        return pack.part("plan", key, lambda: self._evidence_content(pack, key))

    def _evidence_content(self, pack, key):
        content = dict(self.content)
        rows = content.pop("rows")
        return {
            **content,
            "name": self._in_language(content["name"]),
            "edition": self.sha256,
            "table": pack.part("table", key, lambda: self._evidence_table(rows)),
        }

    def _evidence_table(self, rows):
        return {
            "rows": [
                {
                    **row,
                    **{
                        name: self._in_language(row[name])
                        for name in ("name", "clause", "reason")
                    },
                }
                for row in rows
            ]
        }

    def _in_language(self, texts):
        """One of the texts by language: the customer's, English, or any."""
        return (
            texts.get(self.env.lang)
            or texts.get("en_US")
            or next(filter(None, texts.values()), "")
        )
