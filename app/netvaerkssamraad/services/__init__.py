"""The business acts of a netværkssamråd, from the police's documentation to the meeting.

Whether an act may follow where things stand is decided by `steps`; the clock itself is kept by `deadlines`.
"""

from app.netvaerkssamraad.services.documentation import register_documentation
from app.netvaerkssamraad.services.meeting import record_held, record_not_held
from app.netvaerkssamraad.services.parties import add_party, change_party, remove_party
from app.netvaerkssamraad.services.summons import change_measures, exempt, send_summons
from app.netvaerkssamraad.services.undoing import undo_exemption, undo_meeting, undo_summons

__all__ = [
    "add_party",
    "change_measures",
    "change_party",
    "exempt",
    "record_held",
    "record_not_held",
    "register_documentation",
    "remove_party",
    "send_summons",
    "undo_exemption",
    "undo_meeting",
    "undo_summons",
]
