-- One row per period with actions, newest first.
select distinct edition_period as period from marts.fct_action order by period desc
