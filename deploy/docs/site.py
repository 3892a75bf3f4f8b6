"""Writes the pages of /docs: the reference, the page to try it, and the guides.

    site.py GUIDES FOLDER     GUIDES is the repository's folder docs
"""

import html
import importlib.util
import pathlib
import re
import shutil
import sys

from markdown_it import MarkdownIt

# The guides, in the order of the menu.
GROUPS = {
    "Begin": {
        "quick-start": "Quick start", "api": "What holds everywhere", "webhooks": "Webhooks", "errors": "Errors",
        "limits": "Limits", "oauth": "Programs that act for people",
    },
    "The marketplace": {"money": "Money", "disputes": "Disputes", "matching": "Matching"},
    "Two more APIs": {"skillhouse": "Skillhouse", "hires": "Hires of Skillhouse", "skillsync": "SkillSync"},
    "Running it": {
        "going-live": "Going live", "configuration": "Configuration", "operations": "Operations", "brokers": "Brokers",
        "sandbox": "The sandbox", "architecture": "Architecture", "performance": "Performance",
    },
}
GUIDES = {name: title for group in GROUPS.values() for name, title in group.items()}
# Pages that are a part of a longer text: the file, and the heading of the part.
PARTS = {
    "quick-start": ("../README.md", "Five minutes with curl"), "webhooks": ("api.md", "Events"),
    "errors": ("api.md", "Errors"), "limits": ("api.md", "Limits"),
}
HERE = pathlib.Path(__file__).parent


def anchor(text):
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.lower()).strip())


def target(link, name, places):
    """Where a link of the guide `name` leads here; None when it leads to a file that is not a page.

    `places` are the headings of the page: another one is in the text that the page is a part of.
    """
    if re.match(r"[a-z]+:", link):
        return link
    path, _, place = link.partition("#")
    if not path:
        if place in places:
            return link
        name = pathlib.PurePosixPath(PARTS[name][0]).stem
    elif "/" in path.removeprefix("docs/"):
        return None
    else:
        name = pathlib.PurePosixPath(path).stem
    if name not in GUIDES:
        return None
    return f"/docs/{name}" + (f"#{place}" if place else "")


def text_of(name, guides):
    if name not in PARTS:
        return (guides / f"{name}.md").read_text(encoding="utf-8")
    file, heading = PARTS[name]
    lines = (guides / file).read_text(encoding="utf-8").split("\n")
    first = next(place for place, line in enumerate(lines) if re.fullmatch(rf"#+ {re.escape(heading)}", line))
    level = lines[first].index(" ")
    rest, part, fenced = lines[first + 1:], [f"# {GUIDES[name]}"], False
    for line in rest:
        fenced ^= line.startswith("```")
        if not fenced and re.match(rf"#{{1,{level}}} ", line):
            break
        if not line.startswith("<!--"):
            part.append(line)
    return "\n".join(part)


def render(name, text):
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    headings = {
        anchor(words): (words, token.tag)
        for place, token in enumerate(tokens) if token.type == "heading_open"
        for words in [tokens[place + 1].content.replace("`", "")]
    }
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[place + 1].content.replace("`", "")))
        for child in token.children or []:
            if child.type == "link_open":
                where = target(child.attrGet("href"), name, headings)
                if where is None:
                    child.tag, child.attrs = "span", {}
                else:
                    child.attrSet("href", where)
    # A span that took the place of a link ends as one.
    body = markdown.renderer.render(tokens, markdown.options, {})
    body = re.sub(r"<span>(.*?)</a>", r"<span>\1</span>", body, flags=re.S)
    return body, [(place, words) for place, (words, tag) in headings.items() if tag == "h2"]


def link(address, title, here):
    return f'<a href="{address}"{" aria-current=page" if address == here else ""}>{html.escape(title)}</a>'


def contents(here, headings):
    """The list of the guides, with the headings of the one that is shown."""
    parts = []
    for group, guides in GROUPS.items():
        entries = []
        for name, title in guides.items():
            entry = link(f"/docs/{name}", title, here)
            if f"/docs/{name}" == here and len(headings) > 1:
                places = (f'<li><a href="#{place}">{html.escape(words)}</a></li>' for place, words in headings)
                entry += f"<ul>{''.join(places)}</ul>"
            entries.append(f"<li>{entry}</li>")
        parts.append(f"<h2>{group}</h2><ul>{''.join(entries)}</ul>")
    return "".join(parts)


def page(here, title, body, head="", kind=""):
    guide = here if kind == "guide" else None
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} – Guildhall</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/style.css">{head}</head>
<body class="{kind}"><nav class="bar" aria-label="Documentation"><a class="brand" href="/">Guildhall</a>
{link("/docs", "Reference", here)}
{link("/docs/try", "Try it", here)}
{link(guide or "/docs/quick-start", "Guides", guide)}</nav>
{body}</body></html>
"""


def main(guides, folder):
    sidecar = pathlib.Path(importlib.util.find_spec("drf_spectacular_sidecar").origin).parent
    static = sidecar / "static" / "drf_spectacular_sidecar"
    assets = folder / "assets"
    assets.mkdir(parents=True)
    for name in ["redoc.standalone.js", "redoc.standalone.js.LICENSE.txt"]:
        shutil.copy(static / "redoc" / "bundles" / name, assets / name)
    shutil.copy(static / "redoc" / "LICENSE", assets / "redoc.LICENSE")
    for name in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-bundle.js.LICENSE.txt"]:
        shutil.copy(static / "swagger-ui-dist" / name, assets / name)
    shutil.copy(static / "swagger-ui-dist" / "LICENSE", assets / "swagger-ui.LICENSE")
    for name in ["style.css", "reference.js", "try.js"]:
        shutil.copy(HERE / name, assets / name)
    shutil.copy(guides.parent / "Services/Web/Resources/assets/icon.svg", assets / "icon.svg")
    # Redoc shows its maker's logo from a server of theirs; nothing here asks another server.
    redoc = assets / "redoc.standalone.js"
    code = redoc.read_text(encoding="utf-8")
    redoc.write_text(re.sub(r'https://cdn\.redoc\.ly/[^"]*\.svg', "/docs/assets/icon.svg", code), encoding="utf-8")

    (folder / "index.html").write_text(page(
        "/docs", "API reference", '<main id="reference"></main><script src="/docs/assets/redoc.standalone.js"></script>'
        '<script src="/docs/assets/reference.js"></script>', kind="wide"), encoding="utf-8")
    (folder / "try.html").write_text(page(
        "/docs/try", "Try the API", '<main id="try"></main><script src="/docs/assets/swagger-ui-bundle.js"></script>'
        '<script src="/docs/assets/try.js"></script>',
        '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">', "wide"), encoding="utf-8")
    for name, title in GUIDES.items():
        body, headings = render(name, text_of(name, guides))
        here = f"/docs/{name}"
        entries = contents(here, headings)
        # On a phone the list is folded; on a wider page it stands beside the text.
        folded = f'<details class="guides"><summary>All guides, and what is in this one</summary>{entries}</details>'
        beside = f'<nav class="guides" aria-label="Guides">{entries}</nav>'
        (folder / f"{name}.html").write_text(
            page(here, title, f"{folded}{beside}<main>{body}</main>", kind="guide"), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
