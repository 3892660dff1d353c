"""The documents speak of commands, options, settings and files that exist, and leave none of them out."""

import re
import shlex

import pytest
import typer

from orchestration.cli import app
from orchestration.settings import PROJECT_ROOT, Settings

DOCUMENTS = [
    PROJECT_ROOT / name
    for name in (
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "docs/handbook.zh-CN.md",
        "docs/county.zh-CN.md",
        "docs/access.zh-CN.md",
        "docs/analysts.zh-CN.md",
        "docs/operations.zh-CN.md",
        "docs/deployment.zh-CN.md",
    )
]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS}


def _commands() -> dict[str, set[str]]:
    """Full name of each command (``scheme lint``) → its options."""
    found: dict[str, set[str]] = {}

    def collect(command, name: str) -> None:
        for child_name, child in getattr(command, "commands", {}).items():
            collect(child, f"{name} {child_name}".strip())
        if not hasattr(command, "commands"):
            found[name] = {
                option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
            } | {"--help"}

    collect(typer.main.get_command(app), "")
    return found


def _printed_lines(text: str) -> list[str]:
    """Command lines beginning with ``guatu`` in code blocks and in inline code; comments and SQL taken off."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.strip() for block in blocks for line in re.sub(r'"[^"]*"', "Q", block).splitlines()]
    return [line.split(" #")[0] for line in lines + re.findall(r"`(guatu [^`]*)`", text) if line.startswith("guatu ")]


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_printed_exists_with_its_options(name: str) -> None:
    commands = _commands()
    wrong = []
    for line in _printed_lines(TEXTS[name]):
        words = shlex.split(re.sub(r'"[^"]*"?', "Q", line))[1:]
        known = next((c for c in (" ".join(words[:2]), words[0]) if c in commands), None)
        options = {word for word in words if re.match("--?[a-z]", word)}
        if known is None or options - commands[known]:
            wrong.append(line)
    assert wrong == []


def test_every_command_and_every_setting_is_documented() -> None:
    together = "\n".join(TEXTS.values())
    assert [command for command in _commands() if f"guatu {command}" not in together] == []
    settings = [f"GUATU_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in settings if f"`{name}`" not in TEXTS["operations.zh-CN.md"]] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_pictures_are_few_small_and_used() -> None:
    pictures = sorted((PROJECT_ROOT / "docs" / "images").glob("*.png"))
    together = "\n".join(TEXTS.values())
    assert len(pictures) <= 8
    assert [p.name for p in pictures if p.stat().st_size > 250_000 or f"images/{p.name}" not in together] == []


def _anchors(text: str) -> set[str]:
    """What a heading is called in a link: lower case, punctuation dropped, blanks as hyphens."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_into_a_document_leads_to_a_heading(path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", path.read_text(encoding="utf-8"))
    targets = [((path.parent / file) if file else path, anchor) for file, anchor in links]
    assert [anchor for file, anchor in targets if anchor not in _anchors(file.read_text(encoding="utf-8"))] == []


def test_every_page_of_the_dashboards_is_documented() -> None:
    sources = [PROJECT_ROOT / "dashboards" / name for name in ("app.py", "web/visitor_panel.py")]
    titles = [
        title
        for source in sources
        for title in re.findall(r'st\.Page\([^)]*?title="([^"]+)"', source.read_text(encoding="utf-8"))
    ]
    together = "\n".join(TEXTS.values())
    assert len(titles) >= 20
    assert [title for title in titles if title not in together] == []


@pytest.mark.parametrize("name", TEXTS)
def test_documents_stay_short_enough_to_read(name: str) -> None:
    assert len(TEXTS[name].splitlines()) <= 450
