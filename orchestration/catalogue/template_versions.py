"""Former forms of the reporting templates (历次表样): one file a version in ``seeds/templates/history``.

``seeds/templates/<template>.yml`` is today's form. A version says how the form in force until a month differed from
it; the names of fields and their types in the lake never change, so that all months stay comparable. A column that
a former form did not have is NULL in its months: missing is not zero.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator

from orchestration.catalogue.templates import Template, load_codes, load_templates
from orchestration.errors import GuatuError
from orchestration.yaml_text import read_yaml

FIRST, LAST = "0000-00", "9999-99"
"""Bounds of a form that has always been, or still is, in force."""

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Codes = Mapping[str, Mapping[str, str]]
"""Code lists: list name -> Chinese label -> English code."""


class Version(BaseModel):
    """One file: how a template differed from today's form until, and including, ``valid_to``.

    title    what the form is called, e.g. 2019年式样
    source   the document or the reason the form was changed for
    absent   fields that did not exist yet
    titles   field -> the title it had then
    lists    code list -> the whole list as it was then: label -> a code of today's list
    dropped  titles of columns cancelled since: kept with the file, not in the lake

    It holds from the month after the version before it, so periods can neither overlap nor leave a gap.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: str
    title: str
    valid_to: Month
    source: str
    absent: tuple[str, ...] = ()
    titles: dict[str, str] = {}
    lists: dict[str, dict[str, str]] = {}
    dropped: tuple[str, ...] = ()

    @field_validator("lists")
    @classmethod
    def _labels_as_compared(cls, lists: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {name: {_label(label): code for label, code in labels.items()} for name, labels in lists.items()}


@dataclass(frozen=True)
class Form:
    """A template as it stood from month ``since`` to month ``until``; ``title`` is None for today's form.

    ``template`` has every field of today, under the titles of that time; those in ``absent`` are not required.
    ``lists`` holds the code lists that were other than today's.
    """

    template: Template
    title: str | None
    since: str
    until: str
    source: str = ""
    absent: frozenset[str] = frozenset()
    lists: Codes = field(default_factory=dict)
    dropped: tuple[str, ...] = ()

    def printed(self) -> Template:
        """The template with the columns the form really has, for blank workbooks."""
        kept = tuple(f for f in self.template.fields if f.name not in self.absent)
        return self.template.model_copy(update={"fields": kept})


@cache
def load_forms(seeds: Path) -> dict[str, tuple[Form, ...]]:
    """All forms of each template, the oldest first, today's last. Raises GuatuError for a version that cannot hold."""
    templates, codes = load_templates(seeds), load_codes(seeds)
    versions: dict[str, list[Version]] = {name: [] for name in templates}
    for path in sorted((seeds / "templates" / "history").glob("*.yml")):
        version = _read(path)
        wrong = _contradictions(version, templates, codes)
        if wrong:
            raise _refuse(path.name, ";".join(wrong))
        versions[version.template].append(version)
    return {name: _forms(template, versions[name]) for name, template in templates.items()}


def form_at(forms: Sequence[Form], period: str) -> Form:
    """The form in force in a month YYYY-MM."""
    return next(form for form in forms if period <= form.until)


def form_titled(forms: Sequence[Form], title: str | None) -> Form:
    """The form of that title; today's for None."""
    return next(form for form in forms if form.title == title)


def accepted_lists(forms: Sequence[Form], codes: Codes, period: str) -> dict[str, Mapping[str, str]]:
    """The code lists by which a file of a month is read: those not yet out of force then, and today's."""
    merged: dict[str, Mapping[str, str]] = dict(codes)
    for form in forms:
        if form.until >= period:
            for name, labels in form.lists.items():
                merged[name] = {**labels, **merged[name]}
    return merged


def retired_labels(forms: Sequence[Form], codes: Codes, period: str) -> dict[str, dict[str, str]]:
    """Labels out of force by a month: code list -> label (NFKC) -> the label in its place."""
    accepted = accepted_lists(forms, codes, period)
    in_force = {**codes, **form_at(forms, period).lists}
    retired: dict[str, dict[str, str]] = {}
    for form in forms:
        if form.until >= period:
            continue
        for name, labels in form.lists.items():
            label_of = {code: label for lists in (codes, in_force) for label, code in reversed(lists[name].items())}
            gone = {label: label_of[code] for label, code in labels.items() if label not in accepted[name]}
            retired[name] = {**retired.get(name, {}), **gone}
    return retired


def _read(path: Path) -> Version:
    try:
        return Version.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        where = "、".join(".".join(str(part) for part in item["loc"]) or "(整个文件)" for item in error.errors())
        raise _refuse(path.name, f"这些项缺失、多余或写法不对:{where}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _refuse(path.name, "不是 UTF-8 的 YAML 文件") from None


def _refuse(where: str, wrong: str) -> GuatuError:
    return GuatuError(
        "template_version_wrong",
        f"历次表样 {where} 有误:{wrong};请改正 seeds/templates/history 中的文件",
        f"former form {where} contradicts the catalogue: mend the file in seeds/templates/history",
    )


def _forms(template: Template, versions: Sequence[Version]) -> tuple[Form, ...]:
    """Versions in order, then today's form; raises GuatuError where two of them contradict each other."""
    ordered = sorted(versions, key=lambda version: version.valid_to)
    _check_together(template, ordered)
    forms = []
    since = FIRST
    for version in ordered:
        forms.append(
            Form(
                template=_as_it_stood(template, version),
                title=version.title,
                since=since,
                until=version.valid_to,
                source=version.source,
                absent=frozenset(version.absent),
                lists=version.lists,
                dropped=version.dropped,
            )
        )
        since = _next_month(version.valid_to)
    return (*forms, Form(template, None, since, LAST))


def _as_it_stood(template: Template, version: Version) -> Template:
    fields = tuple(
        f.model_copy(
            update={
                "title": version.titles.get(f.name, f.title),
                "required": f.required and f.name not in version.absent,
            }
        )
        for f in template.fields
    )
    return template.model_copy(update={"fields": fields})


def _contradictions(version: Version, templates: Mapping[str, Template], codes: Codes) -> list[str]:
    """What is wrong with one version, in Chinese."""
    if version.template not in templates:
        return [f"没有模板 {version.template}"]
    template = templates[version.template]
    fields = {f.name for f in template.fields}
    used = {f.enum for f in template.fields if f.enum}
    needed = {template.division, *template.key}
    if template.name == "divisions":
        # the tree of every month is built from these
        needed |= {f.name for f in template.fields if f.required}
    former = [_plain(title) for title in (*version.titles.values(), *version.dropped)]
    today = {"期别", *(_plain(f.title) for f in template.fields)}
    checks = {
        "模板没有这些字段": {*version.absent, *version.titles} - fields,
        "标识、区划等字段不能缺": needed.intersection(version.absent),
        "既列为没有、又另有名称的字段": set(version.absent).intersection(version.titles),
        "模板没有用到这些代码表": set(version.lists) - used,
        "旧栏目名重复": {title for title in former if former.count(title) > 1},
        "旧栏目名与现行栏目名相同,无法区分": today.intersection(former),
        "栏目名里不要写计量单位和括号": {title for title in former if set("()[]【】〔〕") & set(title)},
    }
    for name in used.intersection(version.lists):
        labels = version.lists[name]
        checks[f"代码表 {name} 现在没有这些代码"] = set(labels.values()) - set(codes[name].values())
        checks[f"代码表 {name} 中含义与现在不同的取值"] = {
            label for label, code in labels.items() if codes[name].get(label, code) != code
        }
    if not (version.absent or version.titles or version.lists or version.dropped):
        return ["没有写明与现行表样有何不同"]
    return [f"{what}:{'、'.join(sorted(found))}" for what, found in checks.items() if found]


def _check_together(template: Template, ordered: Sequence[Version]) -> None:
    """Months and titles tell the versions of a template apart, and a former title or label means one thing only."""
    for what, words in (("止月", [v.valid_to for v in ordered]), ("名称", [v.title for v in ordered])):
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise _refuse(template.title, f"两版的{what}相同:{'、'.join(twice)}")
    meaning: dict[tuple[str, str], str] = {}
    for version in ordered:
        said = {("栏目", _plain(title)): field for field, title in version.titles.items()}
        said |= {("栏目", _plain(title)): "" for title in version.dropped}
        said |= {(name, label): code for name, labels in version.lists.items() for label, code in labels.items()}
        for (kind, word), means in said.items():
            if meaning.setdefault((kind, word), means) != means:
                raise _refuse(f"{template.title}({version.title})", f"与较早一版含义不同:{kind} {word}")


def _label(text: str) -> str:
    """As values of a code list are compared: NFKC, without outer white space."""
    return unicodedata.normalize("NFKC", text).strip()


def _plain(text: str) -> str:
    """As header cells are compared: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _next_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"
