-- What the analytical copy may read: these views and nothing else, as the role locality_copy.
-- They belong to the owner of the tables, so the role needs no right to any table, and never sees a name, an address,
-- a number, a whole date of birth or a narrative. Row-level security lets the owner's views through for this role alone.

create policy copied on record_resource for select to locality_owner
    using ((select current_user)::text = 'locality_copy');
create policy copied on record_remark for select to locality_owner
    using ((select current_user)::text = 'locality_copy');

-- the last part of a FHIR reference, without its version
create function population_tail(reference text) returns text language sql immutable strict parallel safe
    return substring(split_part(reference, '/_history/', 1) from '[^/:]+$');

-- Which patients are whose: of the surviving person, where two were merged.
create view population_holding as
select link.patient_id as patient, coalesce(person.merged_into_id, person.id) as person
from people_link link join people_person person on person.id = link.person_id
where link.ended_at is null;

create view population_objection as
select coalesce(person.merged_into_id, person.id) as person, objection.kind, objection.organisation_id as organisation,
    objection.starts_on, objection.ends_on
from access_objection objection join people_person person on person.id = objection.person_id;

-- What is known of everybody, made coarse; `held` changes when what they hold, seal or object to does.
create view population_face as
with held as (
    select holding.person, count(*) as patients, string_agg(holding.patient::text, ',' order by holding.patient) as told
    from population_holding holding group by 1
), sealed as (
    select coalesce(person.merged_into_id, person.id) as person,
        string_agg(seal.thing::text || seal.seal || coalesce(seal.ends_on::text, ''), ',' order by seal.id) as told
    from access_personseal seal join people_person person on person.id = seal.person_id group by 1
), remarked as (
    select coalesce(person.merged_into_id, person.id) as person,
        string_agg(remark.thing::text, ',' order by remark.thing) as told
    from record_remark remark join people_person person on person.id = remark.person_id
    where remark.withdrawn_at is null group by 1
), deciles as (
    select distinct on (figure.about) figure.about, figure.value::smallint as tenth
    from directory_figure figure join directory_series series on series.id = figure.series_id
    where series.kind = 'deprivation' and series.unit = 'decile' and series.about_kind = 'area'
    order by figure.about, series."on" desc nulls last, series.code desc
)
select person.id as person,
    md5(concat_ws(';', held.told, sealed.told, remarked.told)) as held,
    (case
        when person.birth_on is not null then date_trunc('month', person.birth_on)::date
        when person.birth_text ~ '^\d{4}-(0[1-9]|1[0-2])' then (substring(person.birth_text for 7) || '-01')::date
    end) as birth_month,
    nullif(nullif(person.sex, ''), 'unknown') as sex,
    (case when not person.protected then area.code end) as small_area,
    (case when not person.protected then ward.code end) as ward,
    coalesce(
        case when not person.protected then coalesce(home.code, area_home.code) end, practice_home.code
    ) as neighbourhood,
    (case when not person.protected then deciles.tenth end) as deprivation,
    nullif(person.practice_code, '') as practice,
    person.died, person.died_on,
    person.protected,
    person.postcode <> '' as has_postcode,
    postcode.id is not null as postcode_known,
    practice.id is not null as practice_known,
    practice.ends_on as practice_ended_on,
    exists (select from people_earlieridentity other where other.earlier_id = person.id) as earlier
from people_person person
join held on held.person = person.id
left join sealed on sealed.person = person.id
left join remarked on remarked.person = person.id
left join directory_postcode postcode on postcode.code = person.postcode
    and postcode.place_id = (select id from directory_place where is_default)
left join directory_area area on area.id = postcode.area_id
left join directory_ward ward on ward.id = coalesce(area.ward_id, postcode.ward_id)
left join directory_neighbourhood home on home.id = postcode.neighbourhood_id
left join directory_neighbourhood area_home on area_home.id = area.neighbourhood_id
left join deciles on deciles.about = area.code
left join directory_organisation practice on practice.code = person.practice_code
    and practice.place_id = (select id from directory_place where is_default)
left join lateral (
    select neighbourhood_id from directory_practiceneighbourhood lies
    where lies.practice_id = practice.id order by lies.ends_on desc nulls first limit 1
) lies on true
left join directory_neighbourhood practice_home on practice_home.id = lies.neighbourhood_id
where person.merged_into_id is null;

-- Every line of the record about somebody: its headline's columns, and of some kinds what the headline leaves out.
create view population_resource as
select resource.patient_id as patient, source.code as source, resource.sender_id as sender, resource.type, resource.topic,
    md5(resource.source_id::text || '/' || resource.local_id) as about,
    (case when resource.encounter <> '' then
        md5(resource.source_id::text || '/' || population_tail(resource.encounter))
    end) as encounter,
    (case
        when resource.data_class = 'SAFE' then 'safeguarding'
        when resource.data_class = 'SENS' then 'sensitive'
        when resource.label <> 'N' then 'restricted'
        when resource.seal <> '' or exists (
            select from access_personseal seal where seal.thing = resource.thing and seal.ends_on is null
        ) then 'sealed'
        when exists (
            select from record_remark remark where remark.thing = resource.thing and remark.withdrawn_at is null
        ) then 'said not to be theirs'
    end) as kept_back,
    resource.code_system as system, resource.code,
    (case when kind.told then resource.title end) as said,
    resource.value_number as number, resource.unit,
    resource.happened_at at time zone 'UTC' as happened_at, resource.ends_at at time zone 'UTC' as ends_at,
    (resource.happened_at at time zone 'Europe/London')::date as happened_on,
    (resource.ends_at at time zone 'Europe/London')::date as ends_on,
    length(resource.happened_text) as happened_length,
    resource.status, resource.state, (resource.received_at at time zone 'UTC')::date as heard_on,
    starts_with(resource.group_key, 'medicine|do not give') as not_to_be_given,
    (case when kind.parsed then json.j #>> '{class,code}' end) as class,
    (case when resource.type = 'Encounter' and json.j ? 'hospitalization' then jsonb_path_query_first(
        json.j, '$.hospitalization.extension[*] ? (@.url like_regex "AdmissionMethod").valueCodeableConcept.coding[*].code'
    ) #>> '{}' end) as method,
    (case when resource.type = 'Encounter' then
        coalesce(json.j #>> '{serviceType,text}', json.j #>> '{serviceType,coding,0,display}')
    end) as service,
    (case when resource.type = 'Encounter' then json.j #>> '{location,0,location,display}' end) as place,
    (case when resource.type = 'Encounter' and json.j #>> '{identifier,0,value}' is not null then
        md5(resource.sender_id::text || '/' || upper(json.j #>> '{identifier,0,value}'))
    end) as visit,
    (case when resource.type = 'Encounter' and json.j ? 'extension' then jsonb_path_query_first(
        json.j, '$.extension[*] ? (@.url like_regex "DischargeReady").valueDateTime'
    ) #>> '{}' end) as ready_text,
    (case when resource.type = 'Encounter' and json.j ? 'diagnosis' then (
        select string_agg(
            md5(resource.source_id::text || '/' || population_tail(one #>> '{condition,reference}')) || ':' || (one ->> 'rank'), ','
        ) from jsonb_array_elements(json.j -> 'diagnosis') one where one ? 'rank'
    ) end) as ranks,
    resource.type = 'Encounter' and resource.value ~* '\m(fall|falls|fallen|fell)\M' as fell,
    (case when resource.type = 'Condition' then json.j #>> '{verificationStatus,coding,0,code}' end) as verification,
    (case when resource.type = 'Condition' then json.j #>> '{category,0,coding,0,code}'
        when resource.type in ('ServiceRequest', 'CarePlan') then json.j #>> '{category,0,text}'
        when resource.type = 'Flag' then json.j #>> '{category,0,text}'
    end) as category,
    (case when resource.type = 'Condition' then jsonb_path_query_first(
        json.j, '$.code.coding[*] ? (@.system like_regex "icd-10" flag "i").code'
    ) #>> '{}' end) as icd10,
    (case when resource.type = 'Observation' and json.j #> '{valueCodeableConcept,coding}' is not null then
        coalesce(json.j #>> '{valueCodeableConcept,coding,0,display}', json.j #>> '{valueCodeableConcept,text}')
    end) as answer,
    (case when resource.type = 'Observation' then
        coalesce(substring(lower(json.j ->> 'valueString') from '^\s*(yes|no|not yet)\s*(?:$|[,.:;])'), json.j ->> 'valueBoolean')
    end) as yes_or_no,
    -- a blood pressure reads 132/78 mmHg in its headline, and the panel's own number is the first of the two
    (case when resource.trend = 'blood pressure' then
        substring(resource.value from '^(\d{2,3}(?:\.\d+)?)/\d')
    end)::float as systolic,
    (case when resource.trend = 'blood pressure' then
        substring(resource.value from '^\d{2,3}(?:\.\d+)?/(\d{2,3}(?:\.\d+)?)\M')
    end)::float as diastolic,
    (case
        when resource.type = 'Patient' and json.j ? 'extension' then jsonb_path_query_first(json.j,
            '$.extension[*] ? (@.url like_regex "thnicCategory").valueCodeableConcept.coding[*].code'
        ) #>> '{}'
    end) as ethnicity,
    (case when resource.type = 'Consent' then
        json.j #>> '{provision,type}' = 'deny' and json.j #>> '{policyRule,coding,0,code}' = 'OPTOUT'
        and json.j #>> '{scope,coding,0,code}' = 'research'
    end) as opts_out
from record_resource resource
join directory_source source on source.id = resource.source_id
cross join lateral (
    select resource.type in ('Encounter', 'Condition', 'Patient', 'ServiceRequest', 'CarePlan', 'Consent', 'Flag') as parsed,
        resource.type in (
            'Encounter', 'Condition', 'ServiceRequest', 'CarePlan', 'Flag', 'Observation', 'MedicationRequest',
            'MedicationStatement'
        ) as told
) kind
cross join lateral (
    select case when kind.parsed or resource.type = 'Observation' and resource.value_number is null then
        convert_from(resource.content, 'UTF8')::jsonb
    end as j offset 0
) json
where resource.is_current and not resource.removed and resource.patient_id is not null;

revoke all on population_holding, population_objection, population_face, population_resource from locality_app;
grant select on population_holding, population_objection, population_face, population_resource to locality_copy;
grant usage on schema public to locality_copy;
