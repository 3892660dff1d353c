-- One row per column of a mart that this database holds.
select
    table_name,
    column_name,
    data_type,
from duckdb_columns()
where schema_name = 'marts' and not internal
order by table_name, column_index
