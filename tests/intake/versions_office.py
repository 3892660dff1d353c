"""Seeds with invented former forms of 入户走访记录, 扶贫小额信贷 and 家庭成员台账, and an office that works by them."""

import shutil
from pathlib import Path

from intake_office import SEEDS

VISITS_2018 = """
template: visits
title: 2018年式样
valid_to: 2018-12
source: 示例县扶贫办通知〔2018〕12号,2019年1月起改用新表
absent: [visitor_role, problem_found]
titles: {household_id: 贫困户编号}
dropped: [走访时长]
"""
VISITS_2020 = """
template: visits
title: 2020年式样
valid_to: 2020-12
source: 示例县扶贫办通知〔2020〕30号,2021年1月起改用新表
absent: [problem_found]
titles: {household_id: 贫困户编号}
lists:
  visitor_role: {包村干部: helper, 驻村工作队: team, 村干部: village_committee}
"""
LOANS_2020 = """
template: loans
title: 四级分类式样
valid_to: 2020-12
source: 示例县金融办通知,2021年起改为五级分类
lists:
  loan_class: {正常: normal, 逾期: special_mention, 呆滞: doubtful, 呆账: loss}
"""
PERSONS_2020 = """
template: persons
title: 2020年式样
valid_to: 2020-12
source: 示例县扶贫办通知
lists:
  health: {健康: healthy, 长期慢病: chronic, 患有大病: severe, 残疾: disabled}
"""
TITLES_2018 = ["行政村代码", "走访编号", "贫困户编号", "走访日期", "走访人", "走访时长"]
TITLES_2020 = ["行政村代码", "走访编号", "贫困户编号", "走访日期", "走访人身份", "走访人"]


def seeds_with(folder: Path, *versions: str) -> Path:
    """A copy of the seeds with these version files."""
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    history = seeds / "templates" / "history"
    history.mkdir(exist_ok=True)
    for number, text in enumerate(versions):
        (history / f"{number}.yml").write_text(text, encoding="utf-8")
    return seeds
