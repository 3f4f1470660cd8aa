from odoo.addons.web.controllers import export

# What a spreadsheet program computes when a cell begins with it.
ALIVE_IN_CSV = ("=", "+", "-", "@", "\t", "\r")
ALIVE_IN_XLSX = ("=", "{=")


def as_text(cell, alive):
    """A cell that no spreadsheet computes, as Odoo writes it in a CSV file.

    >>> as_text("=1+1", ALIVE_IN_XLSX), as_text(-5, ALIVE_IN_CSV)
    ("'=1+1", -5)
    """
    if isinstance(cell, str) and cell.startswith(alive):
        return f"'{cell}"
    return cell


class CSVExport(export.CSVExport):
    """What a customer wrote is text in a file, whatever it looks like."""

    def from_data(self, fields, columns_headers, rows):
        # Odoo itself sees to the other three.
        alive = tuple(set(ALIVE_IN_CSV) - {"=", "+", "-"})
        rows = [[as_text(cell, alive) for cell in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)


class ExcelExport(export.ExcelExport):
    """A title that begins with = is a formula to the library that writes the file."""

    def from_data(self, fields, columns_headers, rows):
        rows = [[as_text(cell, ALIVE_IN_XLSX) for cell in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)

    def from_group_data(self, fields, columns_headers, groups):
        self._without_formulas(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _without_formulas(self, group):
        group.data = [
            [as_text(cell, ALIVE_IN_XLSX) for cell in row] for row in group.data
        ]
        children = {self._as_label(key): child for key, child in group.children.items()}
        group.children.clear()
        group.children.update(children)
        for child in children.values():
            self._without_formulas(child)

    def _as_label(self, key):
        """What a group is called: a text, or a record's id with its name."""
        if isinstance(key, tuple):
            return tuple(as_text(part, ALIVE_IN_XLSX) for part in key)
        return as_text(key, ALIVE_IN_XLSX)
