"""A service that another organisation offers, and what is said to be wrong of it: about nobody, and kept by few."""

from locality.directory.actions import services
from tests.directory.offered import service
from tests.proof.desks import viewer
from tests.proof.world import World


def lay_out(world: World) -> None:
    """One service, and one report of it that waits."""
    row = service("Riverside walks", is_public=True)
    world.ids["service_id"] = row.pk
    by = viewer(world, "clinician")
    world.ids["report_id"] = services.report(service=row.pk, words="It is on Fridays now.", by=by).pk
