-- Contacts, each once, with the last request for the same service before it; and requests that still wait.
create table referrals as
select person, source, lower(words) as kind, words, happened_at as referred_at, happened_on as referred_on, state
from lines where reason is null and target = 'request' and not {is_social_request};

create table contacts_once as
select person, coalesce(
        nullif(substr(first(service order by status <> 'finished', source, about), 1, 100), ''),
        first(words order by status <> 'finished', source, about), 'Contact'
    ) as kind,
    first(case when {is_clinic} then 'clinic' when {is_home} then 'home' when {is_remote} then 'remote' else 'other' end
        order by status <> 'finished', source, about) as how,
    happened_at as started_at, any_value(happened_on) as on_day, first(status order by status <> 'finished', source, about) as outcome,
    first(source order by status <> 'finished', source, about) as source, count(*) as lines
from lines where reason is null and target = 'encounter' and visit_kind = 'contact'
group by person, happened_at, lower(coalesce(service, words, ''));

create table copy_contacts as
select contact.person, contact.kind, contact.how, referral.referred_on, referral.referred_at,
    contact.on_day, contact.started_at, contact.outcome, {has_happened} as happened, contact.source, contact.lines
from contacts_once contact
asof left join (select distinct person, source, kind, referred_at, referred_on from referrals) referral
    on referral.person = contact.person and referral.source = contact.source
    and referral.kind = lower(contact.kind) and contact.started_at >= referral.referred_at
union all
select person, any_value(words), 'other', any_value(referred_on), referred_at, null, null, 'waiting', false, source, 0
from referrals
where state = 'current' and words is not null and not exists (
    select 1 from contacts_once later where later.person = referrals.person and later.source = referrals.source
        and lower(later.kind) = referrals.kind and later.started_at >= referrals.referred_at
        and {has_happened}
)
group by person, source, kind, referred_at;
