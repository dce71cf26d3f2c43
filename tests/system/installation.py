"""A whole installation with the demo unit: a database, the application's parts, and somebody to sign in as."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from io import StringIO
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from app import create_app, scheduler
from app.core import clock
from app.core.job_runs import JobRun
from app.core.logging import JsonLines
from app.demo.load import load
from app.demo.unit import LOG_INS
from app.extensions import db
from config import Config, Part
from tests.browser import Browser
from tests.databases import ROLES, Database, Server


class Installation:
    """Made of a server and a database on it. Its applications answer errors with pages, as they do in production."""

    def __init__(self, server: Server, database: Database, smtp_url: str, base_url: str | None = None) -> None:
        self.server = server
        self.database = database
        config = server.config(database.name, smtp_url=smtp_url)
        self.config: Config = replace(config, base_url=base_url or config.base_url)
        self._parts: dict[Part, Flask] = {}

    def app(self, part: Part = "web") -> Flask:
        """The application of a part."""
        if part not in self._parts:
            app = self._parts[part] = create_app(self.config, part)
            with app.app_context():
                for engine in db.engines.values():
                    self.database.watch(engine)
        return self._parts[part]

    def load_demo(self) -> None:
        """Fill it with the demo unit."""
        with self.app("owner").app_context():
            load(cases=None, seed=2017, at=clock.now())

    def run(self, job: str, at: datetime | None = None) -> JobRun:
        """Run one of the scheduler's jobs, now or as if it were that instant."""
        run = scheduler.run(self.app("scheduler"), job, at=at)
        assert run.error is None, f"{job}: {run.error}"
        return run

    def browser(self) -> Browser:
        """One more browser without a screen."""
        return Browser(self.app(), self.owner)

    @cached_property
    def owner(self) -> Engine:
        """The database as the owner, whom no policy binds."""
        return self.database.engine(ROLES.owner)

    @property
    def log_ins(self) -> Path:
        """The file that tells who can sign in."""
        return self.config.var_dir / LOG_INS

    @cached_property
    def password(self) -> str:
        """The one password of the demo unit."""
        return self.log_ins.read_text(encoding="utf-8").splitlines()[0].rpartition(" ")[2]


@contextmanager
def captured_log() -> Iterator[StringIO]:
    """What the process logs meanwhile, written as it is in production."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)
