-- One row per delivery of a cadence's report to one recipient, as known at the edition's time. Of several records on one
-- delivery the last speaks; one without a time withdraws it.
with spoken as (

    select
        scheme,
        cadence,
        occurrence,
        coalesce(successors.successor_code, deliveries.sender) as sender,
        recipient,
        cast(delivered_at as date) as delivered_on,
        row_number() over (
            partition by
                scheme, cadence, occurrence, coalesce(successors.successor_code, deliveries.sender), recipient
            order by entry desc
        ) as place
    from {{ source('catalogue', 'deliveries') }} as deliveries
    left join {{ ref('int_division_successors') }} as successors on deliveries.sender = successors.division_code
    where deliveries.recorded_at <= cast('{{ var("as_of") }}' as timestamp)

)

select
    scheme,
    cadence,
    occurrence,
    sender,
    recipient,
    delivered_on
from spoken
where place = 1 and delivered_on is not null
