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
GUIDES = {
    "quick-start": "Quick start", "api": "What holds everywhere", "webhooks": "Webhooks", "money": "Money",
    "disputes": "Disputes", "matching": "Matching", "errors": "Errors", "limits": "Limits",
    "going-live": "Going live", "sandbox": "The sandbox", "skillhouse": "Skillhouse", "skillsync": "SkillSync",
}
# Pages that are a part of a longer text: the file, and the heading of the part.
PARTS = {
    "quick-start": ("../README.md", "Five minutes with curl"), "webhooks": ("api.md", "Events"),
    "errors": ("api.md", "Errors"), "limits": ("api.md", "Limits"),
}
HERE = pathlib.Path(__file__).parent


def anchor(text):
    return re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", text.lower())).strip("-")


def target(link):
    """Where a link of a guide leads here; None when it leads to a file that is not a page."""
    if re.match(r"[a-z]+:|#", link):
        return link
    path, _, place = link.partition("#")
    name = pathlib.PurePosixPath(path).name.removesuffix(".md")
    if path.count("/") or name not in GUIDES:
        return "/docs" if name == "README" else None
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


def render(text):
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    headings = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[place + 1].content.replace("`", "")
            token.attrSet("id", anchor(words))
            if token.tag == "h2":
                headings.append((anchor(words), words))
        for child in token.children or []:
            if child.type == "link_open":
                where = target(child.attrGet("href"))
                if where is None:
                    child.type, child.tag, child.attrs = "link_open", "span", {}
                else:
                    child.attrSet("href", where)
    # A span that took the place of a link ends as one.
    body = markdown.renderer.render(tokens, markdown.options, {})
    return re.sub(r"<span>(.*?)</a>", r"<span>\1</span>", body, flags=re.S), headings


def menu(here):
    entries = [("/docs", "Reference"), ("/docs/try", "Try it")]
    entries += [(f"/docs/{name}", title) for name, title in GUIDES.items()]
    return "".join(
        f'<a href="{link}"{" aria-current=page" if link == here else ""}>{html.escape(title)}</a>' for link, title in entries)


def page(here, title, body, head="", kind=""):
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} – Guildhall</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/docs/assets/style.css">{head}</head>
<body class="{kind}"><nav aria-label="Documentation"><strong>Guildhall</strong>{menu(here)}</nav>
{body}</body></html>
"""


def main(guides, folder):
    sidecar = pathlib.Path(importlib.util.find_spec("drf_spectacular_sidecar").origin).parent
    static = sidecar / "static" / "drf_spectacular_sidecar"
    assets = folder / "assets"
    assets.mkdir(parents=True)
    for name in ["redoc/bundles/redoc.standalone.js", "redoc/LICENSE", "redoc/bundles/redoc.standalone.js.LICENSE.txt"]:
        shutil.copy(static / name, assets / ("redoc.LICENSE" if name.endswith("redoc/LICENSE") else pathlib.Path(name).name))
    for name in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-bundle.js.LICENSE.txt"]:
        shutil.copy(static / "swagger-ui-dist" / name, assets / name)
    shutil.copy(static / "swagger-ui-dist" / "LICENSE", assets / "swagger-ui.LICENSE")
    for name in ["style.css", "reference.js", "try.js"]:
        shutil.copy(HERE / name, assets / name)

    (folder / "index.html").write_text(page(
        "/docs", "API reference", '<main id="reference"></main><script src="/docs/assets/redoc.standalone.js"></script>'
        '<script src="/docs/assets/reference.js"></script>', kind="wide"), encoding="utf-8")
    (folder / "try.html").write_text(page(
        "/docs/try", "Try the API", '<main id="try"></main><script src="/docs/assets/swagger-ui-bundle.js"></script>'
        '<script src="/docs/assets/try.js"></script>',
        '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">', "wide"), encoding="utf-8")
    for name, title in GUIDES.items():
        body, headings = render(text_of(name, guides))
        places = "".join(f'<li><a href="#{place}">{html.escape(words)}</a></li>' for place, words in headings)
        contents = f'<aside aria-label="On this page"><ul>{places}</ul></aside>' if len(headings) > 1 else ""
        (folder / f"{name}.html").write_text(
            page(f"/docs/{name}", title, f"{contents}<main>{body}</main>", kind="guide"), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
