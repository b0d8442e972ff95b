-- Everybody, with what only their lines tell.
create table copy_people as
with ethnic as (
    select person, first(ethnicity order by times desc, ethnicity) as ethnicity from (
        select person, upper(ethnicity) as ethnicity, count(*) as times from lines
        where reason is null and target = 'patient' and regexp_matches(upper(ethnicity), '^[A-HJ-NPRS]$') group by all
    ) group by person
), homes as (
    select person from copy_social_care
    where kind in ('permanent residential', 'permanent nursing') and started_on <= $on
        and (ended_on is null or ended_on > $on)
    union
    select person from lines where reason is null and target = 'flag' and {says_care_home}
), carers as (
    select person from lines where reason is null and {says_carer} and (
        target = 'flag' or target = 'condition' and state = 'current'
    )
    union
    select person from copy_social_care where kind = 'carer'
), out as (select distinct person from lines where reason is null and target = 'consent')
select faces.person, faces.birth_month, faces.sex, ethnic.ethnicity, faces.small_area, faces.ward, faces.neighbourhood,
    faces.deprivation, faces.practice, null::date as registered_on, faces.left_on, homes.person is not null as care_home,
    carers.person is not null as carer, faces.died_on, faces.died, faces.opted_out or out.person is not null as opted_out
from faces
left join ethnic using (person) left join (select distinct person from homes) homes using (person)
left join (select distinct person from carers) carers using (person) left join out using (person)
where faces.is_touched and faces.in_slice;

create table copy_deaths as
select faces.person, faces.died_on as on_day, (case
        when exists (
            select 1 from copy_events event where event.person = faces.person and event.ended_on = faces.died_on
                and event.kind in ('emergency admission', 'planned admission')
        ) then 'hospital'
        when people.care_home then 'care home'
    end) as place, null::varchar as code
from faces join copy_people people using (person)
where faces.is_touched and faces.in_slice and faces.died;
