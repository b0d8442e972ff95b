"""Where a safeguarding concern goes, and whom to ring when it cannot wait."""

from django.db import models
from django.db.models import F, Q

from locality.directory.models.places import Place
from locality.directory.models.spans import code_once
from locality.directory.models.teams import Team
from locality.directory.rules import SafeguardingOf


class Safeguarding(models.Model):
    """The team that concerns about adults, or children, go to; and another's, for when nobody there may see one."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    ring = models.TextField()
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "place", "code", "team", "deputy", "ring", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("safeguarding"),
            models.CheckConstraint(condition=Q(code__in=list(SafeguardingOf)), name="safeguarding_of_is_known"),
            models.CheckConstraint(condition=~Q(team=F("deputy")), name="safeguarding_deputy_is_another_team"),
        ]
