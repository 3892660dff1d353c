"""``guatu doctor`` names a journal that was changed by hand."""

from orchestration.doctor import examine
from orchestration.records.journal import append
from orchestration.settings import Settings


def test_a_changed_journal_is_named(settings: Settings) -> None:
    for path in (settings.decisions, settings.deliveries, settings.reviews, settings.audit, settings.rhythm):
        append(path, {"what": "示例"})
        append(path, {"what": "示例"})
    assert not [finding for finding in examine(settings) if finding.is_problem and "记录" in finding.subject]
    text = settings.decisions.read_text(encoding="utf-8")
    settings.decisions.write_text(text.replace("示例", "改动", 1), encoding="utf-8")
    (problem,) = [finding for finding in examine(settings) if finding.is_problem and "记录" in finding.subject]
    assert (problem.subject, problem.state) == ("决定记录", "decisions.jsonl 第 1 条起与校验链不符或已丢失,被改动过")
