"""A person is the human being; what they are called is chosen from the patients linked to them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from locality.base.ids import new_id


class Person(models.Model):
    """A human being. The columns below `merged_into` are the face: chosen from the linked patients."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="aliases")
    family = models.TextField(default="", blank=True)
    given = models.TextField(default="", blank=True)
    prefix = models.TextField(default="", blank=True)
    likes = models.TextField(default="", blank=True)
    birth_on = models.DateField(null=True)
    birth_text = models.TextField(default="", blank=True)
    sex = models.TextField(default="", blank=True)
    nhs_number = models.TextField(default="", blank=True)
    died = models.BooleanField(default=False)
    died_on = models.DateField(null=True)
    address = models.TextField(default="", blank=True)
    postcode = models.TextField(default="", blank=True)
    protected = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    interpreter = models.BooleanField(default=False)
    practice_code = models.TextField(default="", blank=True)
    practice_words = models.TextField(default="", blank=True)
    # compared letter by letter, so that names sort the same on every server
    sort_key = models.TextField(default="", blank=True, db_collation="C")

    class Privacy:
        open = {"id", "made_at", "merged_into"}
        identifying = {
            *("family", "given", "prefix", "likes", "birth_on", "birth_text", "sex", "nhs_number", "died", "died_on"),
            *("address", "postcode", "protected", "phone", "language", "interpreter", "sort_key"),
            *("practice_code", "practice_words"),
        }
        clinical: set[str] = set()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="person_is_not_merged_into_itself"
            ),
        ]
        indexes = [
            # who somebody became, without reading the rest of them: a list of thousands asks it of each
            models.Index(fields=["id"], include=["merged_into"], name="person_and_alias"),
            models.Index(fields=["nhs_number"], condition=~Q(nhs_number=""), name="person_by_nhs_number"),
            # who lives where somebody lives who must not look at their own household
            models.Index(fields=["postcode"], condition=~Q(postcode=""), name="person_by_postcode"),
            GinIndex(
                fields=["sort_key"],
                opclasses=["gin_trgm_ops"],
                condition=Q(merged_into=None),
                name="person_sort_key_trgm",
            ),
        ]
