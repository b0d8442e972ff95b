"""Services as files of Open Referral UK (HSDS-UK 3.0): checked, read and written.

https://docs.openreferraluk.org

Names, types and what must be there are said in our own words (shape.py); the published schemas are not copied.
"""

from locality.directory.open_referral.page import Page, pages_of
from locality.directory.open_referral.read import Offered, OfferedAt, OfferedTime, held_schedules, offered
from locality.directory.open_referral.shape import Checked, check, id_of
from locality.directory.open_referral.write import PROFILE, written

__all__ = [
    "PROFILE",
    "Checked",
    "Offered",
    "OfferedAt",
    "OfferedTime",
    "Page",
    "check",
    "held_schedules",
    "id_of",
    "offered",
    "pages_of",
    "written",
]
