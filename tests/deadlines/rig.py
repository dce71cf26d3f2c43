"""Runs schedulers in processes of their own, and compares what was owed with what the mail server received."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, text

from config import ROOT, Config
from tests.mailserver import MailServer


@dataclass(frozen=True)
class Verdict:
    """What went wrong; all empty is right. doubled_on_wire is what SMTP does not let anybody avoid."""

    lost: tuple[int, ...]
    doubled_in_outbox: tuple[int, ...]
    strangers: tuple[str, ...]
    unsent: int
    doubled_on_wire: int

    @property
    def is_right(self) -> bool:
        """Whether each was told, once in the outbox, and nothing else went out."""
        return not (self.lost or self.doubled_in_outbox or self.strangers or self.unsent)


class Rig:
    """One runner, the database that its schedulers work on, and the mail server that they write to."""

    def __init__(self, process: "subprocess.Popen[str]", owner: Engine, smtp: MailServer) -> None:
        self._process = process
        self._owner = owner
        self._smtp = smtp

    def run(self, *, kill_at: str | None = None, defect: str | None = None, children: int = 1) -> list[int]:
        """Run schedulers at the same time; return how they ended (-9: killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"kill_at": kill_at, "defect": defect, "children": children}) + "\n")
        self._process.stdin.flush()
        ended: list[int] = json.loads(self._process.stdout.readline())
        return ended

    def finish(self, *, defect: str | None = None) -> None:
        """Run undisturbed until nothing waits: the database may need a moment to see that a process is dead."""
        for _ in range(20):
            assert self.run(defect=defect) == [0]
            if not self._count("SELECT count(*) FROM outbox_mails WHERE state = 'queued'"):
                return

    def verdict(self) -> Verdict:
        """Compare. Every deadline of the rig owes one mail, to its owner."""
        with self._owner.connect() as connection:
            owed = list(connection.scalars(text("SELECT id FROM deadlines ORDER BY id")))
            rows = connection.execute(
                text("SELECT split_part(key, ':', 2)::int AS deadline, message_id FROM outbox_mails")
            )
            of_message = {row.message_id: row.deadline for row in rows}
        planned = Counter(of_message.values())
        wire = Counter(str(delivered.mail["Message-ID"]) for delivered in self._smtp.messages)
        told = {of_message[message] for message in wire if message in of_message}
        return Verdict(
            lost=tuple(deadline for deadline in owed if deadline not in told),
            doubled_in_outbox=tuple(deadline for deadline, count in planned.items() if count > 1),
            strangers=tuple(message for message in wire if message not in of_message),
            unsent=self._count("SELECT count(*) FROM outbox_mails WHERE state <> 'sent'"),
            doubled_on_wire=wire.total() - len(wire),
        )

    def _count(self, statement: str) -> int:
        with self._owner.connect() as connection:
            return int(connection.scalar(text(statement)) or 0)


@contextmanager
def runner(config: Config) -> Iterator["subprocess.Popen[str]"]:
    """A process that runs schedulers, until the end of the block."""
    settings = {
        "DATABASE_JOB_URL": config.database_job_url or "",
        "SECRET_KEY": config.secret_key,
        "KEYRING_FILE": str(config.keyring_file),
        "SMTP_URL": config.smtp_url,
        "MAIL_FROM": config.mail_from,
        "BASE_URL": config.base_url,
        "VAR_DIR": str(config.var_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.deadlines.killable"],
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield process
    finally:
        process.communicate(timeout=30)
