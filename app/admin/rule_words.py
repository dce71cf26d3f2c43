"""A deadline rule's reminders, in words."""

from app.core import danish
from app.deadlines import steps
from app.deadlines.models import DeadlineRule


def reminders(rule: DeadlineRule) -> str:
    """When the rule reminds, and from when the leader too: "Da fristen begyndte, 3 dage før og på dagen."."""
    days = [*([steps.START] if rule.remind_at_start else []), *sorted(rule.reminder_days, reverse=True)]
    if not days and not rule.repeat_daily_after:
        return "Ingen."
    when = [steps.label(day) for day in days] + (["hver dag efter fristen"] if rule.repeat_daily_after else [])
    text = danish.and_list(part[:1].lower() + part[1:] for part in when)
    leader = steps.label(rule.leader_from_days)
    return f"{text[:1].upper()}{text[1:]}. Lederen fra {leader[:1].lower()}{leader[1:]}."
