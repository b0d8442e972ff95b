-- The events, each once; and every fall that somebody wrote down, once a day.
create table copy_events as
with falls as (
    select person, about, source, happened_at as fell_at, happened_on as on_day from lines
    where reason is null and (
        target = 'encounter' and fell
        or target in ('condition', 'measurement') and (
            code in ({fall_codes}) or regexp_matches(lower(words), '^(a )?(fall|fell)\b')
        ) and happened_at is not null
    )
    union all
    select line.person, event.led, line.source, event.started_at, event.started_on
    from lines line join named_events event on event.person = line.person and event.about = line.encounter
    where line.reason is null and line.target = 'condition' and substr(line.icd, 1, 3) in ({fall_icd10})
)
select person, led, first(kind order by {leads}) as kind,
    first(started_at order by {leads}) as started_at, first(started_on order by {leads}) as started_on,
    first(ended_at order by {leads}) filter (where ended_at is not null) as ended_at,
    first({ended_day} order by {leads}) filter (where ended_at is not null) as ended_on,
    first(ready_at order by {leads}) filter (where ready_at is not null) as ready_at,
    first({ready_day} order by {leads}) filter (where ready_at is not null) as ready_on,
    substr(coalesce(
        first(service order by {leads}) filter (where service is not null),
        first(place order by {leads}) filter (where place is not null)
    ), 1, 100) as ward_or_service,
    first(source order by {leads}) as source, count(distinct source)::smallint as sources, count(*) as lines
from named_events group by person, visit_kind, island, led
union all
select person, 'fall' || min(about), 'fall', min(fell_at), on_day, null, null, null, null, null, first(source order by fell_at, source, about),
    count(distinct source)::smallint, 0
from falls group by person, on_day;

create table copy_conditions as
with ours as (
    select *, coalesce(code, lower(words), '') as what,
        row_number() over (partition by person, coalesce(named, ''), coalesce(code, lower(words), '')
            order by happened_at nulls last, heard_on, source, about) as nth
    from (
        select * exclude (code), case when named = 'icd-10' then icd else nullif(code, '') end as code from lines
        where reason is null and target = 'condition'
            and not coalesce(named = 'icd-10' and category = 'encounter-diagnosis', false)
    )
)
select person, any_value(named) as system, any_value(code) as code, min(words) filter (where nth = 1) as said,
    min(happened_on) as started_on,
    (case when not bool_or(state = 'current') then max(ends_on) end) as ended_on,
    bool_or(state = 'current') as is_current,
    min(source) filter (where nth = 1) as source, count(distinct source)::smallint as sources,
    min(heard_on) filter (where nth = 1) as heard_on, count(*) as lines
from ours group by person, coalesce(named, ''), what;

create table copy_medicines as
with ours as (
    select *, row_number() over (
            partition by person, coalesce(named, ''), coalesce(nullif(code, ''), lower(words)), happened_on
            order by state = 'current' desc, source, about
        ) as nth
    from lines where reason is null and target = 'medicine'
)
select person, any_value(named) as system, any_value(nullif(code, '')) as code,
    min(words) filter (where nth = 1) as said, any_value(happened_on) as started_on,
    (case when not bool_or(state = 'current') then max(ends_on) end) as ended_on,
    bool_or(state = 'current') as is_current, min(source) filter (where nth = 1) as source, count(*) as lines
from ours group by person, coalesce(named, ''), coalesce(nullif(code, ''), lower(words)), happened_on;

create table copy_measurements as
with ours as (
    select person, named as system, nullif(code, '') as code, words as said, number as value, unit, answer,
        happened_at, happened_on, source, false as second
    from lines where reason is null and target = 'measurement' and number is not null and systolic is null
        and diastolic is null
    union all
    select person, 'snomed', '72313002', 'Systolic blood pressure', systolic, 'mm[Hg]', null, happened_at, happened_on,
        source, false
    from lines where reason is null and target = 'measurement' and systolic is not null
    union all
    select person, 'snomed', '1091811000000102', 'Diastolic blood pressure', diastolic, 'mm[Hg]', null, happened_at, happened_on,
        source, systolic is not null
    from lines where reason is null and target = 'measurement' and diastolic is not null
    union all
    select person, named, nullif(code, ''), words,
        (case when answer is null then case when yes_or_no in ('yes', 'true') then 1 else 0 end end),
        (case when answer is null then 'yes or no' end), substr(answer, 1, 100), happened_at, happened_on, source, false
    from lines where reason is null and target = 'measurement' and number is null and systolic is null
        and diastolic is null
)
select person, system, code, min(said) as said, value, nullif(unit, '') as unit, answer,
    happened_on as on_day, min(source) as source, count(*) filter (where not second) as lines
from ours group by person, system, code, coalesce(code, lower(said)), value, unit, answer, happened_at, happened_on;

create table copy_social_care as
with ours as (
    select person, {package_kind} as kind, happened_on as started_on, ends_on as ended_on, source
    from lines where reason is null and target = 'package'
    union all
    select person, visit_kind, happened_on, happened_on, source
    from lines where reason is null and target = 'encounter' and visit_kind in ('assessment', 'carer')
    union all
    select person, 'request', happened_on, happened_on, source
    from lines where reason is null and target = 'request' and {is_social_request}
)
select person, kind, started_on, (case when ended_on >= started_on then ended_on end) as ended_on, min(source) as source,
    count(*) as lines
from ours group by person, kind, started_on, (case when ended_on >= started_on then ended_on end);
