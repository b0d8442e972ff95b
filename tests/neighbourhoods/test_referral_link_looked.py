"""Who looked, of those who came by a link: somebody who read it, by the name the link went to, and no machine."""

import pytest

from locality.access.queries.looked import asked, for_proxy, own
from locality.neighbourhoods.actions import referral_links
from locality.neighbourhoods.rules.referrals import Declined, ReferralMove
from tests import factories as make
from tests.neighbourhoods.test_referral_links import TOKEN, answer, sent
from tests.neighbourhoods.work import known

pytestmark = pytest.mark.django_db


def test_whoever_came_by_a_link_is_told_to_her_by_name_and_not_to_whoever_acts():
    peggy = known()
    sent(peggy)
    referral_links.opened(token=TOKEN, at=make.AT)
    answer(ReferralMove.DECLINE, declined=Declined.NO_CAPACITY)
    days = asked(since=make.TODAY, until=make.TODAY, on=make.TODAY)

    found = own(person_ids=[peggy.pk], asked=days)
    proxies = for_proxy(person_ids=[peggy.pk], asked=days)

    (day,) = found.days
    hers = [(one.name, one.id, [act.words for act in one.acts]) for one in day.lookers if one.kind == "system"]
    said = ["read what is asked for you", "said no to what was asked for you, and why"]
    assert hers == [("Riverside Tea Circle", None, said)]
    assert found.people == 2
    assert [act.words for act in day.machines if act.words in said] == []
    assert [one.organisation for that in proxies.days for one in that.lookers] == [make.organisation().name]
