-- The tables of a published edition that the dashboards read; money in yuan, rates as ratios.
create schema marts;

create table marts.dim_edition (
    edition_id varchar, period varchar, as_of timestamp
);

create table marts.dim_template (
    template varchar, title varchar, kind varchar, position integer
);

create table marts.dim_division (
    division_code varchar, name varchar, level varchar, parent_code varchar, village_type varchar,
    province_code varchar, prefecture_code varchar, county_code varchar, township_code varchar, valid_from date,
    valid_to date, predecessor_code varchar
);

create table marts.dim_indicator (
    indicator_code varchar, title varchar, unit varchar, better varchar, grain varchar, numerator varchar,
    denominator varchar
);

create table marts.dim_scheme (
    scheme varchar, title varchar, division_code varchar, valid_from date, valid_to date, source varchar
);

create table marts.dim_scheme_template (scheme varchar, template varchar);

create table marts.dim_scheme_clause (
    clause_id varchar, scheme varchar, kind varchar, element varchar, quote varchar, source varchar, state varchar,
    title varchar
);

create table marts.dim_ranking (
    scheme varchar, ranking varchar, title varchar, unit_level varchar, population_code varchar, frequency varchar,
    indicator_code varchar, decimals integer, clause_id varchar, first_places integer, last_places integer,
    tie_breaks varchar
);

create table marts.dim_milestone (
    scheme varchar, milestone varchar, title varchar, indicator_code varchar, checkpoint_md varchar,
    operator varchar, threshold decimal(28, 10), benchmark_level varchar, clause_id varchar
);

create table marts.dim_target (
    scheme varchar, target varchar, title varchar, indicator_code varchar, operator varchar, clause_id varchar,
    level varchar, village_type varchar
);

create table marts.fct_indicator (
    period varchar, division_code varchar, level varchar, indicator_code varchar, numerator decimal(28, 10),
    denominator decimal(28, 10), value decimal(28, 10), coverage decimal(28, 10), state varchar,
    previous_value decimal(28, 10), year_ago_value decimal(28, 10)
);

create table marts.fct_milestone (
    scheme varchar, milestone varchar, period varchar, division_code varchar, indicator_code varchar,
    checkpoint date, threshold decimal(28, 10), value decimal(28, 10), benchmark decimal(28, 10), branch varchar,
    state varchar, daily_pace decimal(28, 10), clause_id varchar
);

create table marts.fct_target (
    scheme varchar, target varchar, period varchar, division_code varchar, indicator_code varchar,
    value decimal(28, 10), floor decimal(28, 10), target_value decimal(28, 10), stretch decimal(28, 10),
    band varchar, state varchar
);

create table marts.fct_ranking (
    scheme varchar, ranking varchar, edition_period varchar, round_code varchar, class varchar,
    division_code varchar, score decimal(28, 10), state varchar, rank integer, rank_from_bottom integer,
    ranked_units integer, previous_rank integer, rank_change integer, gap_to_next decimal(28, 10),
    score_numerator decimal(28, 10), score_denominator decimal(28, 10), previous_score decimal(28, 10)
);

create table marts.fct_action (
    scheme varchar, ranking varchar, edition_period varchar, round_code varchar, division_code varchar,
    clause_id varchar, trigger varchar, object varchar, kind varchar, amount decimal(18, 2), absorbed_by varchar,
    state varchar, reason varchar, score decimal(28, 10), rank integer, rank_from_bottom integer, title varchar,
    object_title varchar, proposed_amount decimal(18, 2), effect_from date, effect_until date, decision_entry bigint
);

create table marts.fct_fund (
    period varchar, division_code varchar, level varchar, fund_year integer, source_level varchar,
    fund_type varchar, issued decimal(18, 2), allocated decimal(18, 2), paid decimal(18, 2),
    documented decimal(18, 2), surplus decimal(18, 2)
);

create table marts.fct_fund_receipt (
    period varchar, receipt_id varchar, document_no varchar, division_code varchar, fund_year integer,
    source_level varchar, fund_type varchar, advance boolean, issued_on date, amount decimal(18, 2),
    allocated decimal(18, 2), allocated_within_60 decimal(18, 2), paid decimal(18, 2), due_60_on date,
    sixty_day_state varchar, is_linkage boolean
);

create table marts.fct_fund_allocation (
    period varchar, allocation_id varchar, receipt_id varchar, project_id varchar, division_code varchar,
    allocated_on date, amount decimal(18, 2), paid decimal(18, 2)
);

create table marts.fct_fund_payment (
    period varchar, payment_id varchar, allocation_id varchar, receipt_id varchar, project_id varchar,
    division_code varchar, paid_on date, payment_type varchar, amount decimal(18, 2), documented boolean
);

create table marts.fct_project (
    period varchar, project_id varchar, division_code varchar, category varchar, project_year integer,
    planned_amount decimal(18, 2), progress decimal(28, 10), planned_progress decimal(28, 10),
    variance decimal(28, 10), stage varchar, overdue boolean, allocated decimal(18, 2), paid decimal(18, 2),
    name varchar, batch varchar, department varchar, implementer varchar, planned_start date, planned_finish date,
    started_on date, finished_on date, accepted_on date
);

create table marts.fct_reporting (
    period varchar, division_code varchar, level varchar, template varchar, villages_expected integer,
    villages_covered integer, villages_on_time integer
);

create table marts.fct_submission (
    submission_id bigint, sha256 varchar, file_name varchar, template varchar, scope_code varchar, period varchar,
    received_at timestamp, outcome varchar, rows_read bigint, rows_accepted bigint, rows_rejected bigint,
    rows_warned bigint, reason varchar
);

create table marts.fct_rejected_row (
    submission_id bigint, row_number bigint, field varchar, value varchar, code varchar, message varchar
);

create table marts.fct_finding (
    period varchar, finding_id varchar, code varchar, severity varchar, division_code varchar, entity_type varchar,
    entity_id varchar, message varchar
);

create table marts.dim_class (
    scheme varchar, ranking varchar, class varchar, title varchar
);

create table marts.dim_action (
    scheme varchar, ranking varchar, clause_id varchar, trigger varchar, n integer, periods integer, object varchar,
    kind varchar, amount decimal(18, 2), title varchar, object_title varchar
);

create table marts.dim_cadence (
    scheme varchar, cadence varchar, title varchar
);

create table marts.dim_list (
    scheme varchar, list varchar, title varchar, clause_id varchar
);

create table marts.fct_warning (
    period varchar, scheme varchar, kind varchar, what varchar, unit varchar, division_code varchar, due_on date,
    value decimal(38, 12), needed decimal(38, 12), amount_needed decimal(18, 2), clause_id varchar, message varchar
);

create table marts.fct_monitored (
    period varchar, division_code varchar, level varchar, household_type varchar, risk_type varchar, taken_in bigint,
    monitored bigint, monitored_members bigint, cleared bigint
);

create table marts.fct_chase (
    period varchar, scheme varchar, kind varchar, code varchar, title varchar, sender varchar, sender_name varchar,
    division_code varchar, department varchar, items_owed bigint, since date, months_running bigint, details varchar,
    clause_id varchar
);

create table marts.fct_rank_item (
    scheme varchar, ranking varchar, edition_period varchar, class varchar, division_code varchar, item varchar,
    title varchar, value decimal(38, 12), numerator decimal(38, 10), denominator decimal(38, 10), unit varchar,
    weight decimal(9, 4), contribution decimal(38, 10), numerator_unit varchar, movable boolean
);

create table marts.fct_decision (
    entry bigint, kind varchar, scheme varchar, ranking varchar, edition_period varchar, division_code varchar,
    unit varchar, clause_id varchar, object varchar, action_kind varchar, step varchar, code varchar,
    assessed_year integer, amount decimal(18, 2), score decimal(9, 4), person varchar, reason varchar,
    decided_at timestamp, is_applied boolean
);
