"""Statements of this goal beside those of the tests: attacks in disguise, and what analysts ask of every mart."""

from collections.abc import Iterator, Mapping

from release.sql_attacks import BOMBS, DEEP, HONEST, VARIABLES, refused

DISGUISED = (
    "select/**/*/**/from/**/read_text('{canary}')",
    "select * from -- x\nread_text -- y\n('{canary}')",
    "SELECT * FROM ReAd_CsV('{canary}')",
    "from (pivot (from read_text('{canary}')) on filename using count(*))",
    "unpivot (from read_text('{canary}')) on content into name n value v",
    "select (from read_text('{canary}') select content)",
    "select * from read_text('{canary}') positional join range(2)",
    "from read_text(list_value('{canary}'))",
    "with t as materialized (from read_blob('{database}')) from t",
    "with t as not materialized (from read_text('{canary}')) select (select content from t)",
    "select unnest((select list(content) from read_text('{canary}')))",
    "select array(select content from read_text('{canary}'))",
    "select columns(*) from read_text('{canary}')",
    "describe from read_text('{canary}')",
    "summarize from read_csv('{canary}')",
    "select * from range(3) as t(i), lateral (from read_text('{canary}'))",
    "select * from read_text('{canary}') tablesample 1 rows",
    "from read_text('{canary}') select * qualify row_number() over () = 1",
    "from read_text('/etc/host*')",
    "select * from read_csv(['{canary}', '{canary}'], union_by_name = true)",
    "select * from read_csv('{canary}', columns = {{'a': 'varchar'}}, store_rejects = true)",
    "select * from read_json('{canary}', format = 'unstructured', ignore_errors = true)",
    "select * from read_parquet('{canary}', file_row_number = true)",
    "select * from glob('/*')",
    "select * from glob('{canary}')",
    "select * from fct_indicator where value > (select size from read_text('{canary}'))",
    "select * from fct_indicator asof join read_text('{canary}') as f on fct_indicator.period >= f.content",
    "select * from fct_indicator semi join (from read_blob('{canary}')) as f on true",
    "select 1 group by (select content from read_text('{canary}'))",
    "select 1 having (select size > 0 from read_text('{canary}'))",
    "select list_filter([1], lambda x: x < (select size from read_text('{canary}')))",
    "select {{'a': (select content from read_text('{canary}'))}}",
    "select map {{'a': (select content from read_text('{canary}'))}}",
    "select max(content) over () from read_text('{canary}')",
    "select 1 except select size from read_text('{canary}')",
    "(select 1) union all (select size from read_text('{canary}'))",
    "with recursive t(n) using key (n) as (select 1 union select n + 1 from t, read_text('{canary}')) from t",
    "from duckdb_secrets(redact = false)",
    "from sqlite_scan('{database}', 'x')",
    "from postgres_scan('host=127.0.0.1', 'public', 'x')",
    "from mysql_query('x', 'select 1')",
    "from iceberg_scan('{canary}')",
    "from delta_scan('{canary}')",
    "from st_read('{canary}')",
    "from read_xlsx('{canary}')",
    "from read_arrow('{canary}')",
    "from 'https://127.0.0.1/x.parquet'",
    "from '{canary}?x=1'",
    "from './../../etc/passwd'",
    "from '/proc/self/environ'",
    "select * from read_text('/proc/self/environ')",
    "select * from read_text('/dev/stdin')",
    "attach 'https://127.0.0.1/x.duckdb' as x (read_only)",
    "attach '{canary}' as x (type sqlite)",
    "copy (select 1) to '/dev/stdout' (format csv)",
    "copy (select 1) to program 'touch {out}'",
    "copy fct_indicator to '{out}' (format csv, partition_by (period))",
    "explain (analyze) copy (select 1) to '{out}'",
    "create or replace function leak(x) as table from read_text(x)",
    "create temp macro leak() as table from read_text('{canary}')",
    "create persistent secret s (type http)",
    "drop secret s",
    "set session memory_limit = '900GB'",
    "set file_search_path = '/'",
    "set extension_directory = '{out}'",
    "set secret_directory = '{out}'",
    "set log_query_path = '{out}'",
    "set profiling_output = '{out}'",
    "set custom_user_agent = 'x'",
    "set enable_external_file_cache = true",
    "set allowed_paths = ['/']",
    "set allowed_directories = ['/']",
    "set allow_unsigned_extensions = true",
    "pragma enable_logging",
    "pragma profiling_output = '{out}'",
    "pragma disable_checkpoint_on_shutdown",
    "call enable_logging('QueryLog')",
    "call dbgen(sf = 1)",
    "from tpch_answers()",
    "from sql_auto_complete('select')",
    "from repeat_row(1, num_rows = 1000000000000)",
    "from read_duckdb('{database}', table_name = 'fct_indicator')",
    "update extensions",
    "load 'httpfs'; select 1",
    "select 1;\n\n\ncopy (select 1) to '{out}'",
    "select 1; attach '{database}' as x; select 2",
    "begin; insert into marts.fct_indicator select * from marts.fct_indicator; commit",
    "with x as (update marts.fct_indicator set state = 'x' returning *) from x",
    "insert into marts.fct_indicator by name select * from marts.fct_indicator",
    "select nextval('marts.s')",
    "select current_setting('lock_configuration')",
    "select getenv('GUATU_OIDC_CLIENT_SECRET')",
    "select * from duckdb_keywords()",
    "select * from pg_catalog.pg_settings",
    "select * from \"marts\".\"../{canary}\"",
    "select * from \"/etc/passwd\"",
    "select * from U&\"\\002fetc/passwd\"",
    "select chr(0) || (select content from read_text('{canary}'))",
)  # fmt: skip
"""The same ways out as in ``release.sql_attacks``, put differently; and settings and readers that came later."""


def attacks() -> list[str]:
    """Statements that the check alone must refuse, each once."""
    return list(dict.fromkeys([*refused(), *DISGUISED]))


def honest(marts: Mapping[str, Mapping[str, str]], titles: Mapping[str, str]) -> Iterator[str]:
    """What analysts ask: the tests' queries, and of every mart counts, windows, pivots, lists, and its Chinese view."""
    for query in HONEST:
        yield query.replace("b.year_ago", "b.period").replace("main.fct_indicator", "marts.fct_indicator")
    for mart, columns in marts.items():
        first, *_, last = columns
        yield f'select count(*), count(distinct "{first}"), any_value("{last}") from {mart}'
        numbered = f'select *, row_number() over (partition by "{first}" order by "{last}") as n from {mart}'
        listed = f'list("{last}" order by "{last}") as found'
        yield f'with numbered as ({numbered}) select "{first}", max(n), {listed} from numbered group by all'
        yield f'select * from 中文."{titles[mart]}" limit 20'
        yield f'select "{first}", lag("{last}") over w from {mart} window w as (order by "{first}") limit 5'
        if "period" in columns:
            yield f"pivot {mart} on period in ('2022-05', '2022-06') using count(*) group by \"{first}\""
        if "division_code" in columns:
            yield (
                f"select d.name, count(*) as 行数 from {mart} as f left join dim_division as d using (division_code) "
                "group by d.name order by 行数 desc, d.name collate zh limit 10"
            )


__all__ = ["BOMBS", "DEEP", "DISGUISED", "VARIABLES", "attacks", "honest"]
