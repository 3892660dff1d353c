"""Files made from a former form (旧表样): by which rules they are judged, and what their submitter is told."""

from orchestration.catalogue.template_versions import Form
from orchestration.catalogue.templates import Template
from orchestration.intake.reading import ReadResult


def is_outdated(form: Form, due: Form) -> bool:
    """Whether the form a file was made from was out of force in the file's month, whose form is ``due``."""
    return form.until < due.since


def template_as_read(form: Form, due: Form) -> Template:
    """The template under the titles of the file; what the month's form requires is required of an older one too."""
    if not is_outdated(form, due):
        return form.template
    required = {field.name for field in due.template.fields if field.required}
    fields = tuple(
        field.model_copy(update={"required": field.required or field.name in required})
        for field in form.template.fields
    )
    return form.template.model_copy(update={"fields": fields})


def lacking(form: Form, due: Form, read: ReadResult) -> str:
    """Titles of required columns that an outdated form does not have; empty where the file can be read."""
    if not is_outdated(form, due):
        return ""
    titles = [f.title for f in due.template.fields if f.required and f.name not in read.positions]
    return "、".join(titles)


def refusal_for_form(form: Form, due: Form, titles: str, period: str) -> str:
    """Why a file is refused that lacks required columns because of its form."""
    return f"该表用的是{form.title},缺少{_name(due)}的必填列:{titles};{_remedy(due, period)}后重新报送"


def remark(form: Form, due: Form, read: ReadResult, period: str) -> str | None:
    """What the receipt says of an outdated form: which it is, what differs, where the right one is; else None."""
    if not is_outdated(form, due):
        return None
    now = due.template
    added = form.absent - due.absent - read.positions.keys()
    new = [f.title for f in now.fields if f.name in added]
    renamed = [
        f"“{old.title}”现称“{now.field(old.name).title}”"
        for old in form.template.fields
        if old.name not in form.absent | due.absent and old.title != now.field(old.name).title
    ]
    lists = [
        f.title
        for f in now.fields
        if f.enum and f.name not in due.absent and form.lists.get(f.enum) != due.lists.get(f.enum)
    ]
    cancelled = [title for title in form.dropped if title not in due.dropped]
    said = {"没有": new, "改名": renamed, "取值有变": lists, "已取消": cancelled}
    differences = ";".join(f"{what}:{'、'.join(which)}" for what, which in said.items() if which)
    # an old workbook brought up to date by hand is in order
    return (
        f"该表用的是{form.title},{_remedy(due, period)}。与{_name(due)}不同之处——{differences}" if differences else None
    )


def _name(form: Form) -> str:
    return form.title or "现行表样"


def _remedy(due: Form, period: str) -> str:
    command = f"guatu templates --out 空表 --template {due.template.title} --period {period}"
    return f"请换用{_name(due)}(空表向县级管理员索取,或用 {command} 生成)"
