"""What is on offer: where, when, for which needs, how much of it is free, and what files brought it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from locality.directory.models.organisations import Organisation, Site
from locality.directory.models.places import Place
from locality.directory.models.spans import code_once, ends_after_it_starts
from locality.directory.rules import CODE, POSTCODE
from locality.directory.rules.services import Access, CapacityState, EntryState, ReportState


class Need(models.Model):
    """What somebody may need help with, in the place's own list, and the other words that people have for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    said_as = ArrayField(models.TextField(), default=list, blank=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {"id", "place", "code", "name", "said_as", "origin", "verified"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = code_once("need")


class Service(models.Model):
    """What an organisation offers, where it has a fixed place there.

    A service of the pack has no `feed`; one that came in a directory's file has the code of that feed and the sender's
    id in it. Nothing is shown to the public, and nobody is referred, unless its row says so. `assured_on` is the day
    on which somebody last made sure that all of this is right; `owner` is who answers for that here. What was changed
    here (`kept_here`) is overwritten by no pack and no file. The two keys are what it is found by, as plain words.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    name = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="services")
    kind = models.TextField()
    description = models.TextField(default="", blank=True)
    who_for = models.TextField(default="", blank=True)
    how_to = models.TextField(default="", blank=True)
    needs = ArrayField(models.TextField(), default=list, blank=True)
    access = ArrayField(models.TextField(), default=list, blank=True)
    access_words = models.TextField(default="", blank=True)
    min_age = models.PositiveSmallIntegerField(null=True)
    max_age = models.PositiveSmallIntegerField(null=True)
    is_free = models.BooleanField(null=True)
    cost = models.TextField(default="", blank=True)
    url = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    phone = models.TextField(default="", blank=True)
    is_public = models.BooleanField(default=False)
    takes_referrals = models.BooleanField(default=False)
    feed = models.TextField(default="", blank=True)
    feed_id = models.TextField(default="", blank=True)
    assured_on = models.DateField(null=True)
    assured_by = models.TextField(default="", blank=True)
    owner = models.ForeignKey("Practitioner", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept_here = ArrayField(models.TextField(), default=list, blank=True)
    name_key = models.TextField(default="", blank=True)
    text_key = models.TextField(default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    origin = models.TextField()
    verified = models.BooleanField()

    class Privacy:
        open = {
            *("id", "place", "code", "name", "organisation", "site", "kind", "starts_on", "ends_on"),
            *("description", "who_for", "how_to", "min_age", "max_age", "is_free", "cost", "url", "email", "phone"),
            *("needs", "access", "access_words", "kept_here", "name_key", "text_key"),
            *("is_public", "takes_referrals", "feed", "feed_id", "assured_on", "assured_by"),
            *("origin", "verified"),
        }
        identifying = {"owner"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            *code_once("service"),
            models.CheckConstraint(
                condition=Q(feed="", feed_id="") | (~Q(feed="") & ~Q(feed_id="")), name="service_of_a_feed_has_its_id"
            ),
            models.UniqueConstraint(
                fields=["place", "feed", "feed_id"], condition=~Q(feed=""), name="service_once_a_feed"
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age")),
                name="service_ages_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(access__contained_by=[str(one) for one in Access]), name="service_access_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__regex=CODE), name="service_kind_is_well_formed"),
            ends_after_it_starts("service"),
        ]
        indexes = [GinIndex(fields=["needs"], name="service_needs")]


class ServiceWord(models.Model):
    """A word that some service is found by, so that a mistyped one can be read as the nearest."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.TextField()

    class Privacy:
        open = {"id", "place", "word"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "word"], name="service_word_once_a_place")]
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="service_word_trgm")]


class ServiceAt(models.Model):
    """Where a service is given: one of our sites, or an address that its sender wrote."""

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField(default="", blank=True)
    address = models.TextField(default="", blank=True)
    postcode = models.TextField(default="", blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Privacy:
        open = {"id", "service", "site", "name", "address", "postcode", "latitude", "longitude"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(postcode="") | Q(postcode__regex=POSTCODE), name="service_at_postcode_is_well_formed"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="service_at_is_on_the_earth",
            ),
        ]


class ServiceTime(models.Model):
    """When a service is given in a usual week: a span of one weekday (1 is Monday), or words where no span is known."""

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField(null=True)
    opens = models.TextField(default="", blank=True)
    closes = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)

    class Privacy:
        open = {"id", "service", "weekday", "opens", "closes", "words"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7), opens__lt=F("closes"), opens__regex=r"^\d\d:\d\d$")
                | (Q(weekday=None, opens="", closes="") & ~Q(words="")),
                name="service_time_is_a_span_or_words",
            ),
        ]


class ServiceCapacity(models.Model):
    """What somebody said of the room that a service has, and when: the newest holds, none is changed."""

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="capacities")
    state = models.TextField()
    wait_days = models.PositiveSmallIntegerField(null=True)
    places = models.PositiveSmallIntegerField(null=True)
    assesses_first = models.BooleanField(default=False)
    words = models.TextField(default="", blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.UUIDField()
    reporter = models.TextField()

    class Privacy:
        open = {"id", "service", "state", "wait_days", "places", "assesses_first", "words", "reported_at"}
        identifying = {"reported_by", "reporter"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CapacityState)), name="service_capacity_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=CapacityState.WAITING) | Q(wait_days=None),
                name="service_capacity_waits_where_it_does",
            ),
        ]
        indexes = [models.Index(fields=["service", "-reported_at", "-id"], name="service_capacity_newest")]


class ServiceReport(models.Model):
    """Somebody says that what stands here of a service is wrong; whoever keeps it answers."""

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="reports")
    words = models.TextField()
    state = models.TextField(default=ReportState.WAITING)
    reported_at = models.DateTimeField()
    reported_by = models.UUIDField()
    reporter = models.TextField()
    answer = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Privacy:
        open = {"id", "service", "words", "state", "reported_at", "answer", "answered_at"}
        identifying = {"reported_by", "reporter", "answered_by"}
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ReportState)), name="service_report_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.WAITING, answered_at=None, answered_by=None)
                | (~Q(state=ReportState.WAITING) & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="service_report_is_answered_by_somebody",
            ),
        ]


class FeedEntry(models.Model):
    """One service as a directory's file has it, whole; refused ones with why. The newest that came is kept."""

    id = models.UUIDField(primary_key=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    feed = models.TextField()
    feed_id = models.TextField()
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField()
    reasons = ArrayField(models.TextField(), default=list, blank=True)
    content = models.TextField()
    digest = models.TextField()
    came_at = models.DateTimeField()

    class Privacy:
        open = {"id", "place", "feed", "feed_id", "service", "state", "reasons", "content", "digest", "came_at"}
        identifying: set[str] = set()
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "feed", "feed_id"], name="feed_entry_once"),
            models.CheckConstraint(condition=Q(state__in=list(EntryState)), name="feed_entry_state_is_known"),
            models.CheckConstraint(condition=Q(feed__regex=CODE), name="feed_entry_feed_is_well_formed"),
        ]
