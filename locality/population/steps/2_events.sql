-- Admissions, attendances, ambulances and calls out of hours, as each sender told them.
create table told_events as
select person, source, about, visit, visit_kind, happened_at as started_at, happened_on as started_on, words, service, place,
    (case when ends_at >= happened_at and ends_at <= $until then ends_at end) as ended_at,
    try_cast(ready_text as timestamptz)::timestamp as ready_at, ready_text,
    (case
        when visit_kind <> 'admission' then visit_kind
        when {is_emergency} then 'emergency admission'
        when method is not null then 'planned admission'
    end) as kind
from lines
where reason is null and target = 'encounter' and visit_kind in ('out of hours', 'ambulance', 'admission', 'attendance');

-- An admission without a method is an emergency where the person had attended in the twelve hours before.
create table events_of_a_kind as
select told.* exclude (kind), coalesce(told.kind, case
    when exists (
        select 1 from told_events attended where attended.person = told.person and attended.visit_kind = 'attendance'
            and attended.started_at between told.started_at - interval 12 hour and told.started_at
    ) then 'emergency admission' else 'planned admission'
end) as kind, told.kind is null as guessed
from told_events told;

-- Of tellings with one visit number of one organisation, the fullest stands for all; then what begins within the hour.
create table numbered as
select *, row_number() over (
        partition by person, visit_kind, coalesce(visit, about || source)
        order by {leads}
    ) as nth,
    first_value(about || source) over (
        partition by person, visit_kind, coalesce(visit, about || source)
        order by {leads}
    ) as spoken_by
from events_of_a_kind;

create table chained as
select person, visit_kind, spoken_by, sum(begins) over (
    partition by person, visit_kind order by started_at, spoken_by rows unbounded preceding
) as island
from (
    select person, visit_kind, about || source as spoken_by, started_at, case
        when started_at - lag(started_at) over (partition by person, visit_kind order by started_at, about || source)
            <= to_minutes({same_minutes}) then 0 else 1
    end as begins
    from numbered where nth = 1
);

create table grouped_events as
select numbered.*, island from numbered join chained using (person, visit_kind, spoken_by);

create table named_events as
select *, first_value(about) over (
        partition by person, visit_kind, island
        order by {leads}
    ) as led
from grouped_events;
