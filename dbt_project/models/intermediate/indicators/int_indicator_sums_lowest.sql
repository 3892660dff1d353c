-- One row per period and division that nothing lies below: each indicator's numerator, denominator and coverage, its own.
{{ indicator_sums(added=false) }}
