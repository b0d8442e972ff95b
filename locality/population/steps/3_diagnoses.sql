-- ICD-10 codes with the event they belong to: the one that stands for all tellings of it.
create table ranks as
select person, split_part(one, ':', 1) as about, try_cast(split_part(one, ':', 2) as smallint) as position
from (select person, unnest(string_split(ranks, ',')) as one from lines where reason is null and ranks is not null);

create table copy_diagnoses as
select line.person, event.led, line.icd as code, min(ranks.position) as position,
    min(coalesce(line.happened_on, event.started_on)) as on_day,
    count(*) filter (where line.named = 'icd-10' and line.category = 'encounter-diagnosis') as lines
from lines line
left join named_events event on event.person = line.person and event.about = line.encounter
left join ranks on ranks.person = line.person and ranks.about = line.about
where line.reason is null and line.target = 'condition' and regexp_matches(line.icd, '^[A-Z][0-9]{{2}}')
group by line.person, event.led, line.icd;
