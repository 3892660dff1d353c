"""A dbt project of four models, for tests of what surrounds it: the ledger in, three marts out."""

from pathlib import Path

import polars as pl

from orchestration.catalogue.templates import load_templates
from orchestration.settings import Settings, get_settings

FILES = {
    "dbt_project.yml": """
        name: guatu
        version: 1.0.0
        profile: guatu
        model-paths: [models]
        macro-paths: [macros]
        models:
          guatu:
            +materialized: table
        """,
    "profiles.yml": """
        guatu:
          target: duckdb
          outputs:
            duckdb:
              type: duckdb
              path: "{{ env_var('GUATU_DATABASE') }}"
              schema: main
              threads: 2
        """,
    "macros/schemas.sql": """
        {% macro generate_schema_name(custom_schema_name, node) %}
            {{- custom_schema_name or target.schema -}}
        {% endmacro %}
        """,
    "models/staging/stg_submissions.sql": """
        {{ config(materialized='ephemeral') }}
        select * from read_json('{{ env_var('GUATU_LEDGER') }}', format = 'newline_delimited', columns = {
            submission_id: 'bigint', period: 'varchar', received_at: 'timestamp', rows_accepted: 'bigint'
        })
        where received_at <= timestamp '{{ var('as_of') }}'
        """,
    "models/marts/dim_edition.sql": """
        select '{{ var('edition_id') }}' as edition_id, '{{ var('period') }}' as period,
            timestamp '{{ var('as_of') }}' as as_of
        """,
    "models/marts/fct_submission.sql": """
        select submission_id, period, received_at, rows_accepted from {{ ref('stg_submissions') }}
        """,
    "models/marts/fct_visit_count.sql": """
        select period, count(*) as visit_count from {{ source('raw', 'visits') }} group by period
        """,
    "models/marts/_marts.yml": "models: []",
    "models/models.yml": """
        sources:
          - name: raw
            config:
              meta:
                external_location: "read_parquet('{{ env_var('GUATU_LAKE') }}/{name}/**/*.parquet')"
            tables:
              - name: visits
        models:
          - name: dim_edition
            config: {schema: marts}
            columns: [{name: period, data_tests: [not_null]}]
          - name: fct_submission
            config: {schema: marts}
            columns: [{name: submission_id, data_tests: [unique, not_null]}]
          - name: fct_visit_count
            config: {schema: marts}
        """,
}


def toy_settings(folder: Path) -> Settings:
    """An installation whose models are the toy project, with an empty lake."""
    project = folder / "dbt_project"
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        margin = len(lines[0]) - len(lines[0].lstrip())
        path.write_text("\n".join(line[margin:] for line in lines) + "\n", encoding="utf-8")
    settings = get_settings(folder / "home").model_copy(update={"dbt_project": project})
    for template in load_templates(settings.seeds).values():
        schema = settings.lake / template.name / "schema.parquet"
        schema.parent.mkdir(parents=True)
        pl.DataFrame(schema=template.lake_schema()).write_parquet(schema)
    return settings


def spoil(settings: Settings) -> None:
    """Makes the project's check on fct_submission fail whatever was submitted."""
    path = settings.dbt_project / "models/marts/fct_submission.sql"
    path.write_text(
        "select null::bigint as submission_id, '2022-06' as period from {{ ref('stg_submissions') }}\n"
        "union all select null, '2022-06'\n",
        encoding="utf-8",
    )


def mend(settings: Settings) -> None:
    """Undoes ``spoil``."""
    text = FILES["models/marts/fct_submission.sql"]
    (settings.dbt_project / "models/marts/fct_submission.sql").write_text(text, encoding="utf-8")
