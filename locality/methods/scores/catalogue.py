"""Every published score of diagnoses, by its name."""

from locality.methods.scores.cambridge import CAMBRIDGE
from locality.methods.scores.charlson import CHARLSON, CHARLSON_QUAN, CHARLSON_SHMI, SHMI
from locality.methods.scores.efi import EFI
from locality.methods.scores.elixhauser import ELIXHAUSER
from locality.methods.scores.hfrs import HFRS
from locality.methods.scores.method import Method

METHODS: dict[str, Method] = {
    one.name: one for one in (HFRS, CHARLSON, CHARLSON_QUAN, CHARLSON_SHMI, SHMI, ELIXHAUSER, CAMBRIDGE, EFI)
}
# those that one table of ICD-10 codes is enough for
OF_ICD10 = tuple(one for one in METHODS.values() if one.begins)
