-- Invented figures; the columns are those of the published tables that a report reads.
create schema marts;
create table marts.dim_edition as select '2022-06_0003' as edition_id, '2022-06' as period, timestamp '2022-07-06 10:05:00' as as_of;

create table marts.dim_division(division_code varchar, name varchar, level varchar, parent_code varchar);
insert into marts.dim_division values
    ('410000000000', '河南省', 'province', null), ('411500000000', '信阳市', 'prefecture', '410000000000'),
    ('411521000000', '罗山县', 'county', '411500000000'), ('411521103000', '灵山镇', 'township', '411521000000'),
    ('411521104000', '彭新镇', 'township', '411521000000'),
    ('411521103201', '甲村', 'village', '411521103000'), ('411521103202', '乙村', 'village', '411521103000'),
    ('411521103203', '丙村', 'village', '411521103000'), ('411521103204', '丁村', 'village', '411521103000'),
    ('411521104201', '戊村', 'village', '411521104000'), ('411521104202', '己村', 'village', '411521104000'),
    ('411521104203', '庚村', 'village', '411521104000'),
    ('520000000000', '贵州省', 'province', null), ('520500000000', '毕节市', 'prefecture', '520000000000'),
    ('520502000000', '七星关区', 'county', '520500000000'), ('520521000000', '大方县', 'county', '520500000000'),
    ('520581000000', '黔西市', 'county', '520500000000'), ('520523000000', '金沙县', 'county', '520500000000'),
    ('520524000000', '织金县', 'county', '520500000000'), ('520525000000', '纳雍县', 'county', '520500000000'),
    ('520526000000', '威宁彝族回族苗族自治县', 'county', '520500000000'), ('520527000000', '赫章县', 'county', '520500000000');

create table marts.dim_indicator(indicator_code varchar, title varchar, unit varchar, better varchar, grain varchar);
insert into marts.dim_indicator values
    ('poverty_incidence', '贫困发生率', '%', 'lower', 'village'), ('unsafe_houses', '危房存量户数', '户', 'lower', 'village'),
    ('satisfaction_rate', '群众满意度', '%', 'higher', 'inspection'),
    ('collective_income', '村集体经济收入', '元', 'higher', 'village'),
    ('linkage_expenditure_rate', '衔接资金支出进度', '%', 'higher', 'division'),
    ('linkage_allocation_rate', '中央和省资金安排率', '%', 'higher', 'division'),
    ('start_rate', '项目开工率', '%', 'higher', 'division');

create table marts.dim_scheme(scheme varchar, title varchar, issuer varchar, division_code varchar, valid_from date, valid_to date, source varchar);
insert into marts.dim_scheme values
    ('lingshan-2018', '灵山镇脱贫攻坚集中总攻实施方案', '罗山县灵山镇', '411521103000', '2018-07-07', '2018-12-31', 'lingshan-2018.txt'),
    ('bijie-2022', '毕节市2022年巩固拓展脱贫攻坚成果推进乡村振兴工作要点', '毕节市委乡村振兴领导小组', '520500000000', '2022-01-01', '2022-12-31', 'plans.txt'),
    ('idle-2022', '没有量化要求的办法', null, '520500000000', '2022-01-01', '2022-12-31', 'plans.txt');

create table marts.dim_scheme_clause(clause_id varchar, scheme varchar, title varchar, kind varchar, element varchar, quote varchar, source varchar, state varchar);
insert into marts.dim_scheme_clause values
    ('LS2018-01', 'lingshan-2018', '贫困发生率', 'indicator', 'target', '实现全镇贫困发生率低于1%', 'lingshan-2018.txt', 'carried'),
    ('LS2018-07', 'lingshan-2018', '危房改造清零', 'deadline', 'milestone', '务必于8月15日前完成所有危房户改造任务', 'lingshan-2018.txt', 'carried'),
    ('LS2018-20', 'lingshan-2018', '7月省级半年核查前三名奖励', 'reward', 'action', '奖励被抽查村(街)3万元', 'lingshan-2018.txt', 'carried'),
    ('LS2018-21', 'lingshan-2018', '7月省级半年核查后三位处罚', 'penalty', 'action', '同时扣除村级经费5000元', 'lingshan-2018.txt', 'carried'),
    ('LS2018-22', 'lingshan-2018', '7月核查倒数第一', 'penalty', 'action', '对成绩排在倒数第一名的村(街)支书、主任给予免职处理', 'lingshan-2018.txt', 'carried'),
    ('BJ2022-47', 'bijie-2022', '中央和省资金安排', 'deadline', 'milestone', '6月底前资金安排率达到100%', 'plans.txt', 'carried'),
    ('BJ2022-49', 'bijie-2022', '六月底支出进度', 'deadline', 'milestone', '6月底前支出进度达到50%或高于全省平均', 'plans.txt', 'carried'),
    ('BJ2022-50', 'bijie-2022', '九月底支出进度', 'deadline', 'milestone', '9月底前支出进度达到75%或高于全省平均', 'plans.txt', 'carried'),
    ('BJ2022-54', 'bijie-2022', '连续三个月滞后约谈', 'penalty', 'action', '连续三个月排名靠后的,约谈主要负责同志', 'plans.txt', 'carried');

create table marts.dim_ranking(scheme varchar, ranking varchar, title varchar, unit_level varchar, population_code varchar, frequency varchar, indicator_code varchar, decimals integer, first_places integer default 3, last_places integer default 3);
insert into marts.dim_ranking (scheme, ranking, title, unit_level, population_code, frequency, indicator_code, decimals) values
    ('lingshan-2018', 'round-2018-07', '省级半年重点工作核查(2018年7月)', 'village', '411521000000', 'round', null, 2),
    ('bijie-2022', 'monthly-expenditure', '衔接资金支出进度月排名', 'county', '520500000000', 'month', 'linkage_expenditure_rate', 2);

create table marts.dim_milestone(scheme varchar, milestone varchar, title varchar, indicator_code varchar, checkpoint_md varchar, operator varchar, threshold decimal(24, 8), benchmark_level varchar, clause_id varchar);
insert into marts.dim_milestone values
    ('lingshan-2018', 'unsafe_houses@08-15', '危房改造清零', 'unsafe_houses', '08-15', '<=', 0, null, 'LS2018-07'),
    ('bijie-2022', 'linkage_allocation_rate@06-30', '中央和省资金安排', 'linkage_allocation_rate', '06-30', '>=', 1, null, 'BJ2022-47'),
    ('bijie-2022', 'linkage_expenditure_rate@06-30', '六月底支出进度', 'linkage_expenditure_rate', '06-30', '>=', 0.5, 'province', 'BJ2022-49'),
    ('bijie-2022', 'linkage_expenditure_rate@09-30', '九月底支出进度', 'linkage_expenditure_rate', '09-30', '>=', 0.75, 'province', 'BJ2022-50');

create table marts.dim_target(scheme varchar, target varchar, title varchar, indicator_code varchar, level varchar, village_type varchar, operator varchar, floor_operator varchar, stretch_operator varchar, clause_id varchar);
insert into marts.dim_target values
    ('lingshan-2018', 'poverty_incidence', '贫困发生率', 'poverty_incidence', 'village', null, '<', '<', null, 'LS2018-01'),
    ('lingshan-2018', 'poverty_incidence', '贫困发生率', 'poverty_incidence', 'township', null, '<', '<', null, 'LS2018-01'),
    ('lingshan-2018', 'collective_income', '贫困村集体经济收入', 'collective_income', 'village', 'poor', '>=', null, null, 'LS2018-16'),
    ('lingshan-2018', 'collective_income', '非贫困村集体经济收入', 'collective_income', 'village', 'non_poor', '>=', null, null, 'LS2018-17');

create table marts.dim_template(template varchar, title varchar, kind varchar, position integer);
insert into marts.dim_template values
    ('households', '农户台账', 'snapshot', 2), ('persons', '家庭成员台账', 'snapshot', 3), ('villages', '行政村台账', 'snapshot', 4),
    ('fund_receipts', '资金下达台账', 'journal', 9), ('projects', '项目库', 'snapshot', 8);

create table marts.fct_indicator(period varchar, division_code varchar, level varchar, indicator_code varchar, numerator decimal(38, 4), denominator decimal(38, 4), value decimal(38, 10), coverage decimal(18, 6), state varchar, previous_value decimal(38, 10), year_ago_value decimal(38, 10));
insert into marts.fct_indicator values
    ('2018-07', '411521103000', 'township', 'poverty_incidence', 231, 21000, 0.011, 0.75, 'partial', 0.0123, 0.0311),
    ('2018-07', '411521103000', 'township', 'unsafe_houses', 17, null, 17, 0.75, 'partial', 25, null),
    ('2018-07', '411521103000', 'township', 'satisfaction_rate', null, null, null, 0, 'missing', null, null),
    ('2018-07', '411521103000', 'township', 'collective_income', 412500, null, 412500, 1, 'value', 412500, 300000),
    ('2022-06', '520500000000', 'prefecture', 'linkage_expenditure_rate', 52345, 100000, 0.52345, 1, 'value', 0.41005, 0.55),
    ('2022-06', '520500000000', 'prefecture', 'linkage_allocation_rate', 96, 100, 0.96, 1, 'value', 0.96, null);

create table marts.fct_target(scheme varchar, target varchar, period varchar, division_code varchar, indicator_code varchar, value decimal(38, 10), floor decimal(24, 8), target_value decimal(24, 8), stretch decimal(24, 8), band varchar, state varchar, clause_id varchar);
insert into marts.fct_target values
    ('lingshan-2018', 'poverty_incidence', '2018-07', '411521103000', 'poverty_incidence', 0.011, 0.02, 0.01, null, 'floor', 'value', 'LS2018-01'),
    ('lingshan-2018', 'poverty_incidence', '2018-07', '411521103201', 'poverty_incidence', 0.008, 0.02, 0.01, null, 'target', 'value', 'LS2018-01'),
    ('lingshan-2018', 'poverty_incidence', '2018-07', '411521103202', 'poverty_incidence', 0.025, 0.02, 0.01, null, 'below', 'value', 'LS2018-01'),
    ('lingshan-2018', 'poverty_incidence', '2018-07', '411521103204', 'poverty_incidence', null, 0.02, 0.01, null, null, 'missing', 'LS2018-01'),
    ('lingshan-2018', 'collective_income', '2018-07', '411521103201', 'collective_income', 35000, null, 30000, null, 'target', 'value', 'LS2018-16'),
    ('lingshan-2018', 'collective_income', '2018-07', '411521103202', 'collective_income', 15000, null, 20000, null, 'below', 'value', 'LS2018-17');

create table marts.fct_ranking(scheme varchar, ranking varchar, edition_period varchar, round_code varchar, class varchar, division_code varchar, score decimal(38, 10), state varchar, rank integer, rank_from_bottom integer, ranked_units integer, previous_rank integer, rank_change integer, gap_to_next decimal(38, 10));
insert into marts.fct_ranking values
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521104201', 96.5, 'ranked', 1, 6, 6, 2, 1, null),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521103201', 95.125, 'ranked', 2, 4, 6, 4, 2, 1.375),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521103202', 95.125, 'ranked', 2, 4, 6, 1, -1, 1.375),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521104202', 90, 'ranked', 4, 3, 6, 3, -1, 5.125),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521104203', 88, 'ranked', 5, 2, 6, null, null, 2),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521103203', 71.4, 'ranked', 6, 1, 6, 6, 0, 16.6),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', 'all', '411521103204', null, 'not_assessed', null, null, 6, null, null, null),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520581000000', 63.1, 'ranked', 1, 7, 7, 1, 0, null),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520523000000', 58.37, 'ranked', 2, 6, 7, 3, 1, 4.73),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520502000000', 55.04, 'ranked', 3, 4, 7, 2, -1, 3.33),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520524000000', 55.04, 'ranked', 3, 4, 7, 5, 2, 3.33),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520521000000', 50.005, 'ranked', 5, 3, 7, 4, -1, 5.035),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520525000000', 44.12, 'ranked', 6, 2, 7, 7, 1, 5.885),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520526000000', 40.5, 'ranked', 7, 1, 7, 6, -1, 3.62),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, 'all', '520527000000', null, 'not_assessed', null, null, 7, null, null, null);

insert into marts.fct_target values ('lingshan-2018', 'poverty_incidence', '2019-03', '411521103000', 'poverty_incidence', 0.011, 0.02, 0.01, null, 'floor', 'value', 'LS2018-01');

create table marts.fct_milestone(scheme varchar, milestone varchar, period varchar, division_code varchar, indicator_code varchar, checkpoint date, threshold decimal(24, 8), value decimal(38, 10), benchmark decimal(38, 10), branch varchar, state varchar, daily_pace decimal(38, 10), clause_id varchar);
insert into marts.fct_milestone
select 'lingshan-2018', 'unsafe_houses@08-15', '2018-07', division, 'unsafe_houses', date '2018-08-15', 0, value, null, null,
    case when value is null then 'no_data' else 'not_due' end, pace, 'LS2018-07'
from (values ('411521103201', 0, 0.0), ('411521103202', 9, -0.6), ('411521103203', 8, -0.5333), ('411521103204', null, null)) as rows(division, value, pace);
insert into marts.fct_milestone
select 'bijie-2022', 'linkage_expenditure_rate@06-30', '2022-06', division, 'linkage_expenditure_rate', date '2022-06-30', 0.5, value, benchmark, branch, state, null, 'BJ2022-49'
from (values ('520581000000', 0.631, 0.42, 'absolute', 'met'), ('520523000000', 0.5837, 0.42, 'absolute', 'met'), ('520502000000', 0.5504, 0.42, 'absolute', 'met'),
    ('520524000000', 0.5504, 0.42, 'absolute', 'met'), ('520521000000', 0.50005, 0.42, 'absolute', 'met'), ('520525000000', 0.4412, 0.42, 'benchmark', 'met'),
    ('520526000000', 0.405, 0.42, null, 'missed'), ('520527000000', null, 0.42, null, 'no_data')) as rows(division, value, benchmark, branch, state);
insert into marts.fct_milestone
select 'bijie-2022', 'linkage_expenditure_rate@09-30', '2022-06', division, 'linkage_expenditure_rate', date '2022-09-30', 0.75, value, null, null,
    case when value is null then 'no_data' else 'not_due' end, (0.75 - value) / 92, 'BJ2022-50'
from (values ('520581000000', 0.631), ('520523000000', 0.5837), ('520502000000', 0.5504), ('520524000000', 0.5504), ('520521000000', 0.50005),
    ('520525000000', 0.4412), ('520526000000', 0.405), ('520527000000', null)) as rows(division, value);
insert into marts.fct_milestone
select 'bijie-2022', 'linkage_allocation_rate@06-30', '2022-06', division, 'linkage_allocation_rate', date '2022-06-30', 1, value, null,
    case when value = 1 then 'absolute' end, case when value = 1 then 'met' else 'missed' end, null, 'BJ2022-47'
from (values ('520581000000', 1.0), ('520523000000', 1.0), ('520502000000', 0.9321), ('520524000000', 1.0), ('520521000000', 0.88)) as rows(division, value);

create table marts.fct_action(scheme varchar, ranking varchar, edition_period varchar, round_code varchar, division_code varchar, clause_id varchar, trigger varchar, object varchar, object_title varchar, kind varchar, title varchar, amount decimal(18, 2), score decimal(38, 10), rank integer, rank_from_bottom integer, absorbed_by varchar, state varchar, reason varchar);
insert into marts.fct_action values
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103201', 'LS2018-20', 'top_3', 'village_funds', '村级经费', 'reward', '奖励', 30000, 95.125, 2, 4, null, 'proposed', '第2名,前3名'),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103202', 'LS2018-20', 'top_3', 'village_funds', '村级经费', 'reward', '奖励', 30000, 95.125, 2, 4, null, 'proposed', '第2名,前3名'),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103203', 'LS2018-21', 'last_3', 'village_funds', '村级经费', 'deduction', '扣减', -5000, 71.4, 6, 1, null, 'proposed', '倒数第1名,后3名'),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103203', 'LS2018-21', 'last_3', 'party_secretary', '村党支部书记', 'public_criticism', '通报批评', null, 71.4, 6, 1, 'LS2018-22', 'absorbed', '倒数第1名,后3名'),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103203', 'LS2018-22', 'last_1', 'party_secretary', '村党支部书记', 'removal_proposal', '免职建议', null, 71.4, 6, 1, null, 'proposed', '倒数第1名,后1名'),
    ('bijie-2022', 'monthly-expenditure', '2022-06', null, '520526000000', 'BJ2022-54', 'lagging_3', 'unit_leaders', '单位(县)主要领导', 'interview', '约谈', null, 40.5, 7, 1, null, 'proposed', '连续3个月支出滞后且列后3名');

-- money that does not stand must not be counted, and a unit whose rank is not announced meets no consequence yet
insert into marts.fct_action values
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103203', 'LS2018-20', 'last_3', 'work_funds', '工作经费', 'deduction', '扣减', -2000, 71.4, 6, 1, 'LS2018-21', 'absorbed', '倒数第1名,后3名'),
    ('lingshan-2018', 'round-2018-07', '2018-07', '2018-07', '411521103204', 'LS2018-22', 'last_1', 'village_director', '村委会主任', 'removal_proposal', '免职建议', null, null, null, null, null, 'pending_announcement', '名次未公布,待上级通报');

create table marts.fct_fund_receipt(period varchar, receipt_id varchar, document_no varchar, division_code varchar, fund_year integer, source_level varchar, fund_type varchar, advance boolean, issued_on date, amount decimal(18, 2), allocated decimal(18, 2), allocated_within_60 decimal(18, 2), paid decimal(18, 2), due_60_on date, sixty_day_state varchar);
insert into marts.fct_fund_receipt values
    ('2022-06', 'R1', '=黔财农〔2022〕1号', '520521000000', 2022, 'central', 'linkage', true, '2022-01-05', 10000000.5, 9000000, 9000000, 5000500, '2022-03-06', 'missed'),
    ('2022-06', 'R2', '黔财农〔2022〕18号', '520526000000', 2022, 'province', 'linkage', false, '2022-05-20', 2500000, 2500000, 2500000, 100000, '2022-07-19', 'running'),
    ('2022-06', 'R3', null, '520502000000', 2022, 'central', 'special_relief', false, '2022-03-01', 3330000, 3330000, 3330000, null, '2022-04-30', 'met');

create table marts.fct_reporting(period varchar, division_code varchar, level varchar, template varchar, villages_expected integer, villages_covered integer, villages_on_time integer);
insert into marts.fct_reporting values
    ('2018-07', '411521103000', 'township', 'households', 4, 3, 2), ('2018-07', '411521103201', 'village', 'households', 1, 1, 1),
    ('2018-07', '411521103202', 'village', 'households', 1, 1, 1), ('2018-07', '411521103203', 'village', 'households', 1, 1, 0),
    ('2018-07', '411521103204', 'village', 'households', 1, 0, 0), ('2018-07', '411521103000', 'township', 'persons', 4, 0, 0),
    ('2018-07', '411521103201', 'village', 'persons', 1, 0, 0), ('2018-07', '411521103202', 'village', 'persons', 1, 0, 0),
    ('2018-07', '411521103203', 'village', 'persons', 1, 0, 0), ('2018-07', '411521103204', 'village', 'persons', 1, 0, 0),
    ('2022-06', '520500000000', 'prefecture', 'fund_receipts', 3716, 3300, 3300), ('2022-06', '520527000000', 'county', 'fund_receipts', 416, 0, 0),
    ('2022-06', '520521000000', 'county', 'fund_receipts', 380, 380, 380);

create table marts.fct_submission(submission_id integer, sha256 varchar, file_name varchar, template varchar, scope_code varchar, period varchar, received_at timestamp, outcome varchar, rows_read integer, rows_accepted integer, rows_rejected integer, rows_warned integer, reason varchar);
insert into marts.fct_submission values
    (1, 'a', '农户台账_张三丰.xlsx', 'households', '411521103000', '2018-07', '2018-08-03 09:00:00', 'partial', 1200, 1188, 12, 3, null),
    (2, 'b', 'x.xlsx', 'persons', '411521103204', '2018-07', '2018-08-04 09:00:00', 'refused', 300, 0, 300, 0, '缺少列'),
    (3, 'c', 'y.xlsx', 'households', '411521104000', '2018-07', '2018-08-04 09:00:00', 'accepted', 77, 77, 0, 0, null),
    (4, 'd', 'z.xlsx', 'fund_receipts', '520500000000', '2022-06', '2022-07-04 09:00:00', 'accepted', 64, 64, 0, 0, null);

create table marts.dim_scheme_template(scheme varchar, template varchar);
insert into marts.dim_scheme_template values
    ('lingshan-2018', 'households'), ('lingshan-2018', 'persons'), ('bijie-2022', 'fund_receipts');

create table marts.dim_finding(code varchar, title varchar, severity varchar, department varchar, cure varchar);
insert into marts.dim_finding values
    ('wrong_exit', '疑似错退', 'error', '乡村振兴部门', '逐项核实'), ('count_jump', '数量一月变动过半', 'warning', '乡镇', '核实变动原因');

create table marts.fct_finding(period varchar, finding_id varchar, code varchar, severity varchar, division_code varchar, entity_type varchar, entity_id varchar, message varchar);
insert into marts.fct_finding values
    ('2018-07', 'f1', 'wrong_exit', 'error', '411521103201', 'household', 'H1', '张三丰户疑似错退'),
    ('2018-07', 'f2', 'count_jump', 'warning', '411521103202', 'village', 'V1', '人数变动过大'),
    ('2018-07', 'f3', 'count_jump', 'warning', '411521104201', 'village', 'V2', '别镇');

create table marts.dim_cadence(scheme varchar, cadence varchar, title varchar, sender varchar, recipients varchar, every varchar, clause_id varchar);
insert into marts.dim_cadence values
    ('lingshan-2018', 'supervision_bulletin', '督查通报', '镇脱贫攻坚督查巡查组', '各村(街)、各部门', 'half_month', 'LS2018-26'),
    ('bijie-2022', 'quarterly_bulletin', '衔接资金季通报', '市委乡村振兴领导小组办公室', '各县(自治县、市、区)', 'quarter', 'BJ2022-53');
insert into marts.dim_scheme_clause values
    ('LS2018-26', 'lingshan-2018', '督查通报周期', 'cadence', 'cadence', '每半月督查通报一次', 'lingshan-2018.txt', 'carried'),
    ('BJ2022-53', 'bijie-2022', '资金调度通报', 'cadence', 'cadence', '实行月调度、月排名、季通报', 'plans.txt', 'carried');

create table marts.dim_list(scheme varchar, list varchar, title varchar, clause_id varchar);
insert into marts.dim_list values ('lingshan-2018', 'overdue_projects', '逾期未完工项目', 'LS2018-12'), ('lingshan-2018', 'key_villages', '月度重点村', 'LS2018-27');
create table marts.fct_list(scheme varchar, list varchar, period varchar, position integer, division_code varchar, entity_id varchar, value decimal(38, 2), reason varchar);
insert into marts.fct_list values
    ('lingshan-2018', 'key_villages', '2018-07', 1, '411521103202', '411521103202', 2, '2项目标或节点未达'),
    ('lingshan-2018', 'overdue_projects', '2018-07', 1, '411521103203', 'P1', 31, '计划2018-06-30竣工');
create table marts.fct_project(period varchar, project_id varchar, division_code varchar, name varchar, stage varchar, overdue boolean, planned_amount decimal(18, 2), paid decimal(18, 2));
insert into marts.fct_project values
    ('2018-07', 'P1', '411521103203', '丙村饮水工程', 'in_progress', true, 1000000, 400000),
    ('2018-07', 'P2', '411521103203', '丙村道路', 'accepted', false, 500000, 500000);

create table marts.fct_village_exit(period varchar, village_code varchar, item varchar, value decimal(38, 12), threshold decimal(38, 12), result varchar);
insert into marts.fct_village_exit values
    ('2018-07', '411521103202', 'incidence', 0.025, 0.02, 'fail'), ('2018-07', '411521103202', 'road', 1, 1, 'pass'),
    ('2018-07', '411521103202', 'collective_income', 15000, 20000, 'fail'), ('2018-07', '411521103202', 'main_industry', null, null, 'unknown'),
    ('2018-07', '411521103202', 'overall', 7, 10, 'fail');
create table marts.fct_household(period varchar, household_id varchar, village_code varchar, registered boolean, income_ok varchar, food_ok varchar, clothing_ok varchar, education_ok varchar, medical_ok varchar, housing_ok varchar, water_ok varchar, exit_standard varchar);
insert into marts.fct_household
select '2018-07', 'H' || n, '411521103202', n <= 4, if(n = 1, 'fail', 'pass'), 'pass', 'pass', 'pass', if(n = 2, 'unknown', 'pass'), 'pass', 'pass',
    case n when 1 then 'fail' when 2 then 'unknown' else 'pass' end
from range(1, 7) as rows(n);

create table marts.fct_rejected_row(submission_id integer, row_number integer, field varchar, value varchar, code varchar, message varchar);
insert into marts.fct_rejected_row
select 1, n + 3, 'head_id_number', '***', 'bad_id_number', '户主证件号码:证件号码应为 15 位数字,或 17 位数字加一位数字或 X,请核对' from range(1, 15) as rows(n);
insert into marts.fct_rejected_row values (1, 40, 'housing_grade', '张三丰', 'out_of_list', '住房安全等级:不在可选值之内,请从下拉列表中选择');
