"""The acts that carry a case through its life: taken in, looked at, accepted or rejected, closed, reopened, moved."""

from app.cases.intake.services.endings import close_case, reopen_case
from app.cases.intake.services.moving import transfer_case
from app.cases.intake.services.referrals import accept, register_referral, reject, take_into_visitation

__all__ = [
    "accept",
    "close_case",
    "register_referral",
    "reject",
    "reopen_case",
    "take_into_visitation",
    "transfer_case",
]
