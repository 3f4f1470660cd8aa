"""Public rules for electronic invoices (a schematron), run over a document.

The rules of EN 16931 for UBL are data of others: they lie in a folder that
``./dev test --thorough --en16931 FOLDER`` or ``NOX_EN16931`` names. Where none is
named, the rules on amounts and VAT of `ubl_rules` speak alone.
"""

import json
import os
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path

from lxml import etree

FOLDER = os.environ.get("NOX_EN16931", "")
SCH = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "http://www.w3.org/1999/XSL/Transform"


def stylesheet(schema):
    """The XSLT that lists what a document breaks, a line each: ``fatal BR-CO-10``.

    A schematron is one already, but for the names: of each pattern the first rule whose
    context matches a node speaks of it.

    :param schema: root of a schematron whose patterns are spelled out
    """
    names = {
        each.get("prefix"): each.get("uri") for each in schema.iterfind(f"{SCH}ns")
    }
    root = etree.Element(f"{{{XSL}}}stylesheet", nsmap={"xsl": XSL, **names})
    root.set("version", "3.0")

    def add(parent, tag, text=None, **attributes):
        node = etree.SubElement(parent, f"{{{XSL}}}{tag}")
        node.attrib.update(
            {
                key.strip("_").replace("_", "-"): value
                for key, value in attributes.items()
            }
        )
        node.text = text
        return node

    add(root, "output", method="text")
    start = add(root, "template", match="/")
    for number, pattern in enumerate(schema.iterfind(f"{SCH}pattern")):
        mode = f"pattern{number}"
        add(root, "mode", name=mode, on_no_match="shallow-skip")
        add(start, "apply-templates", select="/", mode=mode)
        rules = pattern.findall(f"{SCH}rule")
        for place, rule in enumerate(rules):
            match = add(
                root,
                "template",
                match=rule.get("context"),
                mode=mode,
                priority=str(len(rules) - place),
            )
            for check in rule.iterfind(f"{SCH}assert"):
                broken = add(match, "if", test=f"not({check.get('test')})")
                add(broken, "text", f"{check.get('flag')} {check.get('id')}\n")
            add(match, "apply-templates", select="@*|node()", mode=mode)
    return etree.tostring(root, encoding="unicode")


def _serve(folder):
    """Answer each line (a document, as JSON) with one: the names of what it breaks."""
    from saxonche import PySaxonProcessor

    [path] = Path(folder).glob("*.sch")
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    text = stylesheet(etree.parse(path).getroot())
    program = compiler.compile_stylesheet(stylesheet_text=text)
    for line in sys.stdin:
        document = processor.parse_xml(xml_text=json.loads(line))
        names = set((program.transform_to_string(xdm_node=document) or "").split("\n"))
        print(json.dumps(sorted(names - {""})), flush=True)


@cache
def _server():
    """A process of its own: Saxon wants more memory than Odoo's server lets a process
    take that it runs in."""

    def unlimited():
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

    process = subprocess.Popen(
        [sys.executable, __file__, FOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=unlimited,
    )
    return process


def close():
    """Let the process go: Odoo's tests leave none behind."""
    if _server.cache_info().currsize:
        process = _server()
        _server.cache_clear()
        process.communicate()


def broken(tree):
    """What a document breaks of the rules in the folder, each ``fatal BR-CO-10``; an
    empty list where no folder is named."""
    if not FOLDER:
        return []
    process = _server()
    text = json.dumps(etree.tostring(tree, encoding="unicode"))
    process.stdin.write(f"{text}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


if __name__ == "__main__":
    _serve(sys.argv[1])
