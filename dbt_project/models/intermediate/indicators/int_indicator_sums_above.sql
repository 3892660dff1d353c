-- One row per period and division that others lie below: each indicator's numerator, denominator and coverage, added up.
{{ indicator_sums(added=true) }}
