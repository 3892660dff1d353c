-- One row per table of a schema, with the number of rows as the engine knows it.
select
    schema_name,
    table_name,
    estimated_size as row_count,
from duckdb_tables()
where schema_name = 'marts'
order by table_name
