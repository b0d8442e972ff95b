"""What an upgrade of Locality leaves to be done about linking."""

from locality.methods.linkage.settings import settings
from locality.people.models import LinkageModel, Pair

PAIRS = "Patients here were compared by the linkage settings of an older version: run `locality link`."
MODEL = (
    "The model that was trained here is of an older version's linkage settings, so the one that comes with Locality "
    "is used: run `locality link --train`."
)


def behind() -> list[str]:
    """What `locality link` would bring up to this version, in sentences; nothing where all is of this version."""
    asked = ((PAIRS, Pair.objects.all()), (MODEL, LinkageModel.objects.filter(in_use=True)))
    return [words for words, rows in asked if rows.exclude(settings_version=settings().version).exists()]
