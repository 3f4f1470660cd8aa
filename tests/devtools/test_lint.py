"""What ``./dev lint`` finds in the layout of XML."""

import doctest

from devtools import lint

GOOD = """<odoo>
    <!-- a comment
         of two lines -->
    <record
        id="one"
        name="a value
  of two lines"
    >
        <field name="text">words</field>
        <field name="domain">
            [
                ('a', '=', 1),
            ]
        </field>
    </record>
</odoo>
"""


def test_examples_of_the_layout_run():
    result = doctest.testmod(lint)
    assert result.attempted
    assert not result.failed


def test_four_spaces_a_level_are_good():
    assert lint.misplaced(GOOD) == []


def test_what_stands_at_another_depth_is_found():
    for good, bad, line in (
        ("    <record", "   <record", 4),
        ('        id="one"', '      id="one"', 5),
        ("    >", "        >", 8),
        ("    </record>", "        </record>", 15),
        ("            [", "          [", 11),
        ("    <!--", "  <!--", 2),
    ):
        text = GOOD.replace(f"\n{good}", f"\n{bad}", 1)
        assert text != GOOD
        assert [number for number, _found, _wanted in lint.misplaced(text)] == [line]
