"""What must hold, the database holds: whoever writes past the actions is refused too."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from locality.base.ids import new_id
from locality.directory import models, queries


def changed(model, code, /, **values):
    return lambda: model.objects.filter(code=code).update(**values)


def copied(model, code, /, **values):
    def copy() -> None:
        row = model.objects.get(code=code)
        row.pk = new_id()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return copy


def second_membership() -> None:
    row = models.TeamMembership.objects.get(practitioner__code="ben-ash")
    row.pk, row.starts_on, row.ends_on = new_id(), date(2025, 1, 1), date(2025, 1, 2)
    row.save(force_insert=True)


def follow_oneself() -> None:
    models.Successor.objects.filter(from_organisation__code="ZZ3").update(to_organisation=queries.organisation("ZZ3"))


def second_affiliation() -> None:
    row = models.Affiliation.objects.get(body__code="UZZ02")
    row.pk, row.starts_on = new_id(), date(2025, 1, 1)
    row.save(force_insert=True)


def second_neighbourhood() -> None:
    row = models.PracticeNeighbourhood.objects.get()
    row.pk, row.starts_on = new_id(), date(2025, 1, 1)
    row.save(force_insert=True)


def belong_to_oneself() -> None:
    models.Affiliation.objects.filter(body__code="small-board").update(body=queries.organisation("small-council"))


def second_figure() -> None:
    row = models.Figure.objects.get(about="ZZ99901")
    row.pk, row.value = new_id(), 1
    row.save(force_insert=True)


def second_outline() -> None:
    row = models.Boundary.objects.get(about="uphill")
    row.pk = new_id()
    row.save(force_insert=True)


MUST_NOT = {
    "organisation_code_once_a_place": copied(models.Organisation, "ZZ1"),
    "organisation_code_is_well_formed": changed(models.Organisation, "ZZ1", code="Small Hospital"),
    "organisation_kind_is_known": changed(models.Organisation, "ZZ1", kind="bank"),
    "organisation_ends_after_it_starts": changed(models.Organisation, "ZZ1", ends_on=date(2001, 3, 31)),
    "successor_is_another_organisation": follow_oneself,
    "site_that_is_a_hub_is_never_public": changed(models.Site, "uphill-hub", is_public=True),
    "site_postcode_is_well_formed": changed(models.Site, "mill-lane", postcode="zz11aa"),
    "site_kind_is_known": changed(models.Site, "mill-lane", kind="shop"),
    "ward_code_is_well_formed": changed(models.Ward, "E05999001", code="upper"),
    "postcode_code_is_well_formed": changed(models.Postcode, "ZZ1 1AA", code="ZZ11AA"),
    "postcode_code_once_a_place": copied(models.Postcode, "ZZ1 1AA"),
    "team_of_a_neighbourhood_names_it": changed(models.Team, "uphill", neighbourhood=None),
    "neighbourhood_has_one_team_at_a_time": copied(models.Team, "uphill", code="uphill-2"),
    "team_code_is_well_formed": changed(models.Team, "uphill", code="up hill"),
    "practitioner_code_once_a_place": copied(models.Practitioner, "amy-oak"),
    "team_membership_once_at_a_time": second_membership,
    "source_formats_are_known": changed(models.Source, "hospital", formats=["fax"]),
    "source_is_connected_only_under_an_agreement": changed(models.Source, "council", connected=True),
    "source_agreement_ends_after_it_starts": changed(models.Source, "hospital", agreement_ends_on=date(2025, 12, 31)),
    "source_sends_every_so_many_hours": changed(models.Source, "hospital", every_hours=0),
    "affiliation_once_at_a_time": second_affiliation,
    "affiliation_is_to_another_organisation": belong_to_oneself,
    "affiliation_role_is_well_formed": lambda: models.Affiliation.objects.update(role="Big Member"),
    "affiliation_ends_after_it_starts": lambda: models.Affiliation.objects.update(ends_on=date(2019, 6, 30)),
    "practice_has_one_neighbourhood_at_a_time": second_neighbourhood,
    "practice_neighbourhood_ends_after_it_starts": lambda: models.PracticeNeighbourhood.objects.update(
        starts_on=date(2025, 1, 1), ends_on=date(2024, 1, 1)
    ),
    "area_code_is_well_formed": changed(models.Area, "E01999001", code="uphill"),
    "area_code_once_a_place": copied(models.Area, "E01999001"),
    "opening_hours_are_well_formed": lambda: models.OpeningHours.objects.update(monday="9 to 5"),
    "series_code_once_a_place": copied(models.Series, "census"),
    "series_kind_is_well_formed": changed(models.Series, "census", kind="People"),
    "series_about_kind_is_known": changed(models.Series, "census", about_kind="street"),
    "figure_once_a_series": second_figure,
    "boundary_once": second_outline,
    "boundary_about_kind_is_known": lambda: models.Boundary.objects.filter(about="uphill").update(about_kind="street"),
    "place_says_which_team_is_responsible": changed(models.Place, "smallplace", responsible_team=["luck"]),
    "place_has_one_default": copied(models.Place, "smallplace", code="otherplace"),
    "place_code_is_well_formed": changed(models.Place, "smallplace", code="Small Place"),
}


@pytest.mark.parametrize("constraint", MUST_NOT)
def test_the_database_refuses(smallplace, constraint):
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic():
        MUST_NOT[constraint]()


def test_a_source_must_have_some_format(smallplace):
    with pytest.raises(IntegrityError, match='"source_formats_are_known"'), transaction.atomic():
        models.Source.objects.filter(code="hospital").update(formats=[])


@pytest.mark.parametrize("model", list(apps.get_app_config("directory").get_models()), ids=lambda model: model.__name__)
def test_every_field_has_one_privacy_class(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    classes = [model.Privacy.open, model.Privacy.identifying, model.Privacy.clinical]

    assert set.union(*classes) == fields
    assert sum(len(names) for names in classes) == len(fields)
