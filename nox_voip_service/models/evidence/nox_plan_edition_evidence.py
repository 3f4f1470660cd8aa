from odoo import models


class NoxPlanEdition(models.Model):
    _inherit = "nox.plan.edition"

    def _evidence_part(self, pack):
        """The part that says how time and users were counted; with its table.

        :return: its id
        """
        known = pack.shared.known_editions
        if self not in known:
            known[self] = self._evidence_contents()
        key, plan, table = known[self]
        pack.part("table", key, lambda: table)
        return pack.part("plan", key, lambda: plan)

    def _evidence_contents(self):
        """Key of the parts, plan and table; made once for all packs of a language."""
        content = dict(self.content)
        key = f"{content['code']}:{self.sha256[:12]}"
        rows = content.pop("rows")
        plan = {
            **content,
            "name": self._in_language(content["name"]),
            "edition": self.sha256,
            "table": f"table:{key}",
        }
        return key, plan, {"rows": [self._evidence_row(row) for row in rows]}

    def _evidence_row(self, row):
        texts = {
            name: self._in_language(row[name]) for name in ("name", "clause", "reason")
        }
        return {**row, **texts}

    def _in_language(self, texts):
        """One of the texts by language: the customer's, English, or any."""
        return (
            texts.get(self.env.lang)
            or texts.get("en_US")
            or next(filter(None, texts.values()), "")
        )
