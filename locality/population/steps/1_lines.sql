-- Each line of the record that was read: what it is for the copy, and why it is left out where it is.
create table lines as
with sorted as (
    select told.* exclude (said, patient), birth_month,
        (case
            when type = 'Encounter' then 'encounter'
            when type = 'Condition' then 'condition'
            when type = 'Observation' then 'measurement'
            when type in ('MedicationRequest', 'MedicationStatement') then 'medicine'
            when type = 'ServiceRequest' then 'request'
            when type = 'CarePlan' and topic = 'package' then 'package'
            when type = 'Patient' then 'patient'
            when type = 'Consent' and opts_out then 'consent'
            when type = 'Flag' and ({says_carer} or {says_care_home}) then 'flag'
        end) as target,
        (case
            when target <> 'encounter' then null
            when {is_out_of_hours} then 'out of hours'
            when {is_ambulance} then 'ambulance'
            when {is_admission} then 'admission'
            when {is_attendance} then 'attendance'
            when {is_carers} then 'carer'
            when {is_assessment} then 'assessment'
            else 'contact'
        end) as visit_kind,
        (case when target = 'condition' and (icd10 is not null or contains(lower(system), 'icd-10')) then
            upper(regexp_replace(coalesce(icd10, code), '[^A-Za-z0-9]', '', 'g'))
        end) as icd,
        (case
            when contains(system, 'snomed') then 'snomed'
            when contains(system, 'loinc') then 'loinc'
            when contains(lower(system), 'icd-10') then 'icd-10'
            else nullif(system, '')
        end) as named,
        (case when target is not null and not regexp_matches(said, '[0-9]{{6}}|@') then nullif(substr(said, 1, 100), '') end) as words,
        target is not null and coalesce(said, '') <> '' as has_words
    from (
        select *, case when type in ('Encounter', 'Flag', 'Condition') then lower(concat_ws(' ', said, service)) end as spoken
        from told
    ) told join faces using (person) where faces.in_slice
)
select *, coalesce(
    case when target is null then 'of a kind that the copy does not hold' end,
    kept_back,
    case when exists (
        select 1 from objecting where objecting.person = sorted.person
            and (objecting.organisation is null or objecting.organisation = sorted.sender)
    ) then 'they object to sharing it' end,
    case when state = 'wrong' then 'entered in error' end,
    case
        when target = 'condition' and topic = 'allergy' then 'says only that nothing is known'
        when target = 'condition' and (status = 'refuted' or verification = 'refuted') then 'ruled out'
        when target = 'condition' and verification in ('unconfirmed', 'provisional', 'differential') then 'not confirmed'
        when target = 'condition' and named = 'icd-10' and not regexp_matches(icd, '^[A-Z][0-9]{{2}}') then 'not a code of ICD-10'
        when target = 'medicine' and not_to_be_given then 'an instruction not to give it'
        when target = 'medicine' and state = 'planned' then 'only proposed'
        when target = 'medicine' and code = '' and words is null then 'without a name'
        when target in ('request', 'package') and status in ('draft', 'proposed', 'revoked') then 'only proposed, or withdrawn'
        when target = 'measurement' and status in ('registered', 'preliminary', 'cancelled') then 'not final'
        when target = 'measurement' and number is null and systolic is null and diastolic is null
            and answer is null and yes_or_no is null then 'found in free words'
        when target = 'encounter' and visit_kind <> 'contact' and status = 'planned' then 'planned, and not happened yet'
        when target = 'encounter' and visit_kind <> 'contact' and status = 'cancelled' then 'cancelled'
        when target = 'flag' and state <> 'current' then 'no longer so'
        when target = 'consent' and state <> 'current' then 'no longer so'
    end,
    case
        when target in ('encounter', 'measurement', 'request', 'package') and happened_at is null then 'without a date'
        when target in ('patient', 'consent', 'flag') then null
        when happened_at > $until and status <> 'planned' then 'dated in the future'
        when happened_at < timestamp '1900-01-01' then 'dated before 1900'
        when happened_length >= 10 and happened_at < birth_month - interval 1 day then 'dated before their birth'
    end
) as reason
from sorted;
