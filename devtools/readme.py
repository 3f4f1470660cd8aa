"""``./dev readme``: ``README.rst`` and the page in Odoo's list of apps, from ``readme/*.md``.

The fragments and the result are those of OCA's ``oca-gen-addon-readme``, which is in no
package registry. Of Markdown it reads paragraphs, headings, lists, emphasis, code, links.
"""

from docutils.core import publish_string
from markdown_it import MarkdownIt

from .places import ADDON, digest, manifest

SECTIONS = {
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
}
RST = ADDON / "README.rst"
HTML = ADDON / "static" / "description" / "index.html"
UNDERLINES = "=-~"
MARKS = {"strong": "**", "em": "*"}


def run():
    text = rst()
    RST.write_text(text)
    html = publish_string(
        text,
        writer_name="html4css1",
        settings_overrides={"output_encoding": "unicode", "syntax_highlight": "none"},
    )
    HTML.write_text(f"{html.rstrip()}\n<!-- {source_digest()} -->\n")


def problems():
    """What ``./dev lint`` says when somebody changed a fragment alone."""
    for path in (RST, HTML):
        if not path.exists() or source_digest() not in path.read_text():
            yield f"{path.relative_to(ADDON.parent)}: older than readme/ (./dev readme)"


def source_digest():
    texts = [path.read_text() for path in sorted((ADDON / "readme").glob("*.md"))]
    known = manifest()
    shown = [known[key] for key in ("name", "author", "license", "development_status")]
    return "source digest: " + digest(*texts, *shown)


def rst():
    """The text of ``README.rst``."""
    known = manifest()
    title, site = known["name"], known["website"]
    parts = [
        f"{'=' * len(title)}\n{title}\n{'=' * len(title)}",
        "..\n   This file is made by ./dev readme: change readme/*.md instead.\n"
        f"   {source_digest()}",
        f"*{known['development_status']}, {known['license']}*",
        _fragment("DESCRIPTION"),
        "**Table of contents**\n\n.. contents::\n   :local:",
    ]
    for name, heading in SECTIONS.items():
        if (ADDON / "readme" / f"{name}.md").exists():
            parts += [_heading(heading, 0), _fragment(name)]
    parts += [
        _heading("Bug Tracker", 0),
        f"Bugs are tracked on `GitHub Issues <{site}/issues>`__.",
        _heading("Credits", 0),
        _heading("Authors", 1),
        "\n".join(f"- {name.strip()}" for name in known["author"].split(",")),
        _heading("Contributors", 1),
        _fragment("CONTRIBUTORS"),
        _heading("Maintainers", 1),
        "\n".join(
            f"- `{who} <https://github.com/{who}>`__" for who in known["maintainers"]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _heading(text, level):
    return f"{text}\n{UNDERLINES[level] * len(text)}"


def _fragment(name):
    """A fragment as reStructuredText.

    A mark that stands beside a letter needs no space in Markdown, and must be set off by
    an escaped one here; fragments avoid that.
    """
    tokens = MarkdownIt().parse((ADDON / "readme" / f"{name}.md").read_text())
    blocks, bullets, first, level = [], [], "", None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1]) - 1
        elif token.type == "heading_close":
            level = None
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            bullets.append("-  " if token.type.startswith("bullet") else "#. ")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            bullets.pop()
        elif token.type == "list_item_open":
            first = bullets[-1]
        elif token.type == "inline":
            text = _inline(token.children)
            margin = "   " * (len(bullets) - bool(first))
            blocks.append(
                margin + first + text if level is None else _heading(text, level)
            )
            first = ""
        elif not token.type.endswith(("_open", "_close")):
            raise ValueError(f"{name}.md: {token.type} is not read")
    return "\n\n".join(blocks)


def _inline(children):
    text, target = "", ""
    for child in children:
        kind = child.type.removesuffix("_open").removesuffix("_close")
        if kind == "text":
            text += child.content.replace("*", "\\*").replace("`", "\\`")
        elif kind == "softbreak":
            text += " "
        elif kind == "code_inline":
            text += f"``{child.content}``"
        elif kind in MARKS:
            text += MARKS[kind]
        elif child.type == "link_open":
            target = child.attrs["href"]
            text += "`"
        elif child.type == "link_close":
            text += f" <{target}>`__"
        else:
            raise ValueError(f"{kind} is not read")
    return text
