from odoo.orm.registry import Registry
from odoo.tests import TransactionCase, tagged


@tagged("standard", "post_install", "-at_install")
class TestFaster(TransactionCase):
    """What `tests/faster.py` does in Odoo's place comes to what Odoo does."""

    def test_what_follows_from_the_fields_of_each_model(self):
        ours = Registry.get_trigger_tree
        theirs = getattr(ours, "__wrapped__", ours)
        for model in self.registry.values():
            fields = list(model._fields.values())
            for select in (bool, lambda field: field.store):
                self.assertEqual(
                    self._as_lists(ours(self.registry, fields, select)),
                    self._as_lists(theirs(self.registry, fields, select)),
                    model._name,
                )

    def _as_lists(self, tree):
        return [
            list(tree.root),
            [(label, self._as_lists(subtree)) for label, subtree in tree.items()],
        ]
