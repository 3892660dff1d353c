"""What the analysts' pages need beside the sample edition: definitions, notes, bands, a code that changed."""

from pathlib import Path

import duckdb
import edition_files

from orchestration.catalogue.marts import load_marts
from orchestration.release.chinese_views import create_chinese_views
from orchestration.settings import get_settings

ADDED = """
alter table marts.dim_indicator add column if not exists numerator_zh varchar;
alter table marts.dim_indicator add column if not exists denominator_zh varchar;
alter table marts.dim_indicator add column if not exists documents varchar;
alter table marts.dim_indicator add column if not exists note varchar;
update marts.dim_indicator set
    numerator_zh = '已支出的衔接资金', denominator_zh = '下达的衔接资金', documents = 'bijie-2022'
where indicator_code = 'linkage_expenditure_rate';

alter table marts.dim_scheme add column if not exists issuer varchar;
alter table marts.dim_scheme add column if not exists document_no varchar;
alter table marts.dim_scheme add column if not exists note varchar;
update marts.dim_scheme set issuer = '毕节市委乡村振兴领导小组' where scheme = 'bijie-2022';
insert into marts.dim_scheme by name
select 'yuanhu-2022' as scheme, '袁湖村年度乡村振兴结对帮扶计划' as title, date '2022-03-01' as valid_from;
update marts.dim_scheme set issuer = '灵山镇', note = '据落款日期' where scheme = 'lingshan-2018';
update marts.dim_scheme_clause set element = 'milestone linkage_expenditure_rate@' || right(clause_id, 5)
where scheme = 'bijie-2022' and kind = 'milestone';
insert into marts.dim_scheme_clause
values ('LS-none', 'lingshan-2018', 'classification', '权重未载明', '其他工作酌情计分', 'lingshan-2018.txt',
    'not_computable', '其他工作');

create table if not exists marts.dim_figure (
    scheme varchar, figure varchar, title varchar, value decimal(28, 10), unit varchar, state varchar,
    tolerance decimal(28, 10), indicator_code varchar, part varchar, clause_id varchar
);
create table if not exists marts.fct_figure (
    scheme varchar, figure varchar, period varchar, division_code varchar, title varchar,
    published_value decimal(28, 10), unit varchar, indicator_code varchar, warehouse_value decimal(28, 10),
    difference decimal(28, 10), state varchar, clause_id varchar
);
insert into marts.fct_figure
values ('lingshan-2018', 'poor', '2018-09', '411521103000', '全镇贫困人口', 200, '人', 'poor_population', 190, -10,
    'differs', 'ls-reward');
create table if not exists marts.fct_task (
    scheme varchar, task varchar, period varchar, division_code varchar, achieved decimal(28, 10),
    target decimal(28, 10), rate decimal(28, 10), due_on date, state varchar, unit varchar, clause_id varchar
);

-- 黔西市 was 黔西县 until 2021-05; the old code has the months before.
update marts.dim_division set predecessor_code = '520522000000', valid_from = date '2022-03-01'
where division_code = '520581000000';
insert into marts.fct_indicator
select '2022-01', '520522000000', 'county', 'linkage_expenditure_rate', 1000, 10000, 0.1, 1, 'value', null, null
union all
select '2022-02', '520522000000', 'county', 'linkage_expenditure_rate', 2000, 10000, 0.2, 0.9, 'partial', null, null;
-- 大方县 was one of two that came out of another code: nothing of it may be shown as its own.
update marts.dim_division set predecessor_code = '520599000000' where division_code in ('520521000000', '520523000000');
insert into marts.fct_indicator
select '2021-12', '520599000000', 'county', 'linkage_expenditure_rate', 9000, 10000, 0.9, 1, 'value', null, null;

insert into marts.fct_target
select 'bijie-2022', 'spending', '2022-0' || range, '520502000000', 'linkage_expenditure_rate', 0.5, 0.3, 0.5, 0.6,
    'floor', 'value'
from range(3, 7);
"""
COLUMNS = """
select table_name, column_name from duckdb_columns() where schema_name = 'marts' order by table_name, column_index
"""


def write_analyst_sample(published: Path) -> None:
    """The sample's two editions with the additions and the Chinese views in both."""
    edition_files.write_sample(published)
    marts = load_marts(get_settings().dbt_project)
    for path in published.glob("*_*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute(ADDED)
            columns: dict[str, list[str]] = {}
            for table, column in connection.execute(COLUMNS).fetchall():
                columns.setdefault(table, []).append(column)
            target = {"scheme": "bijie-2022", "target": "spending"}
            held = columns["dim_target"]
            row = {**target, "title": "支出进度目标", "indicator_code": "linkage_expenditure_rate", "operator": ">="}
            names = [name for name in row if name in held]
            marks = ", ".join("?" * len(names))
            connection.execute(
                f"insert into marts.dim_target ({', '.join(names)}) values ({marks})", [row[name] for name in names]
            )
            create_chinese_views(connection, columns, marts)
