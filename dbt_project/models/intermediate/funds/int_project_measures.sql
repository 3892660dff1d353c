-- One row per period and division with projects of its own: the sums that project indicators are made of.
select
    period,
    division_code,
    count(*) as projects_this_year,
    count(*) filter (where is_allocated) as allocated_projects,
    count(*) filter (where is_allocated and is_started) as started_allocated_projects,
    count(*) filter (where is_finished) as finished_projects,
    count(*) filter (where is_finished and is_accepted) as accepted_finished_projects,
    count(*) filter (where overdue) as overdue_projects,
    sum(cast(planned_amount as decimal(20, 2)) * cast(progress - planned_progress as decimal(18, 12)))
        filter (where progress is not null and planned_progress is not null) as schedule_variance_amount,
    sum(planned_amount) filter (where progress is not null and planned_progress is not null) as scheduled_amount,
    count(*) filter (
        where announced_on <= last_day and (not is_accepted or completion_announced_on <= last_day)
    ) as announced_projects,
    count(*) filter (where has_east_west) as east_west_projects,
    count(*) filter (where has_east_west and is_started) as started_east_west_projects,
    count(*) filter (where has_east_west and is_finished and all_documented) as completed_east_west_projects,
    count(*) filter (where has_east_west and (is_finished and all_documented) is not null)
        as completion_known_east_west_projects,
    count(*) filter (where has_east_west and start_due_on <= last_day) as start_due_east_west_projects,
    count(*) filter (where has_east_west and start_due_on <= last_day and started_on <= start_due_on)
        as promptly_started_east_west_projects,
    sum(wages_paid) filter (where work_relief) as work_relief_wages
from {{ ref('int_projects') }}
where is_this_year
group by period, division_code
