-- One row per period and village: the sums that loan indicators are made of.
with loans as (

    select
        period,
        village_code as division_code,
        sum(amount) filter (where balance > 0) as outstanding_loan_amount,
        count(distinct household_id) filter (where balance > 0) as outstanding_loan_households,
        sum(overdue) as loan_overdue_amount,
        sum(balance) filter (where classification in ('substandard', 'doubtful', 'loss')) as loan_npl_amount,
        sum(balance) as loan_balance_amount
    from {{ ref('stg_loans') }}
    group by period, village_code

),

borrowers as (

    select distinct period, household_id
    from {{ ref('stg_loans') }}
    where balance > 0

),

eligible as (

    select
        households.period,
        households.village_code as division_code,
        count(*) filter (where households.household_type <> 'marginal' and borrowers.household_id is not null)
            as lending_eligible_households,
        count(*) filter (where households.household_type <> 'marginal') as loan_eligible_households,
        count(*) filter (where households.household_type = 'marginal' and borrowers.household_id is not null)
            as lending_eligible_marginal,
        count(*) filter (where households.household_type = 'marginal') as loan_eligible_marginal
    from {{ ref('int_households') }} as households
    left join borrowers
        on households.period = borrowers.period and households.household_id = borrowers.household_id
    where households.loan_eligible
    group by households.period, households.village_code

)

select
    coalesce(loans.period, eligible.period) as period,
    coalesce(loans.division_code, eligible.division_code) as division_code,
    loans.outstanding_loan_amount,
    loans.outstanding_loan_households,
    loans.loan_overdue_amount,
    loans.loan_npl_amount,
    loans.loan_balance_amount,
    eligible.lending_eligible_households,
    eligible.loan_eligible_households,
    eligible.lending_eligible_marginal,
    eligible.loan_eligible_marginal
from loans
full join eligible on loans.period = eligible.period and loans.division_code = eligible.division_code
