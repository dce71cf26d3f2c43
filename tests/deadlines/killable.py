"""A scheduler's process that can be killed at a named place, and started again in milliseconds.

It loads the application once, warms up when it is asked for no child, and forks a child for every run that it is asked
for on its standard input: one line of JSON each way. Nothing is connected at the fork, so that every child is a
scheduler of its own.
"""

import json
import os
import secrets
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask

from app import create_app, scheduler
from app.core import fault_points
from app.deadlines import jobs as planning
from app.extensions import db
from app.outbox import delivery
from app.outbox import jobs as delivering
from app.outbox.models import MailState
from config import Config

JOBS = ("plan-reminders", "deliver-mail")


def main() -> None:
    """Answer every request with how its children ended."""
    app = create_app(Config.from_env("scheduler"), "scheduler")
    _say("ready")
    for line in sys.stdin:
        request = json.loads(line)
        if not request["children"]:
            _say(json.dumps(_warm_up(app)))
            continue
        children = [_fork(app, request) for _ in range(request["children"])]
        _say(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _warm_up(app: Flask) -> list[int]:
    """Run once in this process, so that its children find every statement compiled; then let go of the database."""
    for job in JOBS:
        scheduler.run(app, job)
    with app.app_context():
        db.engine.dispose()
    return []


def _fork(app: Flask, request: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        _run(app, request)
    return child


def _run(app: Flask, request: dict[str, Any]) -> None:
    """Plan and deliver; never returns."""
    if request["defect"]:
        DEFECTS[request["defect"]]()
    if request["kill_at"]:
        fault_points.install(lambda name: _kill() if name == request["kill_at"] else None)
    errors = [scheduler.run(app, job).error for job in JOBS]
    os._exit(1 if any(errors) else 0)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# ---------------------------------------------------------------- seeded defects, which the rig must catch


def _mark_before_sending() -> None:
    """Mark the mail as sent, and commit, before it is sent: killed in between, it is lost."""
    send = delivering._send

    def marked_first(mail: Any, postbox: delivery.Postbox, at: datetime) -> None:
        delivering._mark(mail, state=MailState.SENT, sent_at=at)
        db.session.commit()
        send(mail, postbox, at)

    vars(delivering)["_send"] = marked_first


def _commit_the_ledger_first() -> None:
    """Commit the ledger before the mails are written: killed in between, nobody is ever told."""
    write_mails = planning._write_mails

    def in_two_transactions(*arguments: Any) -> None:
        db.session.commit()
        fault_points.point("plan.between")
        write_mails(*arguments)

    vars(planning)["_write_mails"] = in_two_transactions


def _new_message_id() -> None:
    """Give each attempt a Message-ID of its own: the second one is not known for what it is."""
    letter = delivery.letter

    def anew(**parts: Any) -> Any:
        return letter(**{**parts, "message_id": f"<{secrets.token_hex(8)}@kommune.example>"})

    vars(delivering)["letter"] = anew


DEFECTS: dict[str, Callable[[], None]] = {
    "mark-before-sending": _mark_before_sending,
    "ledger-first": _commit_the_ledger_first,
    "new-message-id": _new_message_id,
}

if __name__ == "__main__":
    main()
