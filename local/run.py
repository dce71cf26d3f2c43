"""`make run`: the whole installation on this machine, until Ctrl-C."""

import fcntl
import http.client
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from config import LocalSettings
from local import database
from local.environment import Installation, passwords
from local.os_user import LocalError
from local.processes import Processes
from local.smtp_sink import SmtpSink

_READY_SECONDS = 60
_WATCH_SECONDS = 0.5


def main() -> None:
    """Start everything, say where it is, and wait; ends with one line when something is in the way."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    local = LocalSettings.from_env()
    try:
        with locked(Installation.at(local.var_dir, local.port)) as installation:
            serve(installation)
    except KeyboardInterrupt:
        print("\nStopped. The data stays; `make run` goes on with it.")


def serve(installation: Installation) -> None:
    """Run the installation until interrupted; raises `LocalError` when a part of it ends by itself."""
    require_free_port(installation.port)
    installation.require_keys_of_data()
    with ExitStack() as stack:
        cluster = stack.enter_context(installation.cluster)
        sink = stack.enter_context(SmtpSink(installation.var_dir / "mail"))
        settings = installation.settings(sink.url)
        processes = stack.enter_context(Processes(settings, installation.var_dir / "log"))
        # Leaving, this comes first: an impatient second Ctrl-C must not leave half of them running.
        stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
        prepare_database(installation, settings, processes)
        processes.start("web", "gunicorn")
        processes.start("scheduler", "flask", "scheduler")
        wait_until_ready(installation, processes)
        announce(installation)
        while (end := processes.first_end()) is None and cluster.running:
            time.sleep(_WATCH_SECONDS)
        raise LocalError(end or f"PostgreSQL ended; see {cluster.folder / 'log'}")


def prepare_database(installation: Installation, settings: Mapping[str, str], processes: Processes) -> None:
    """Roles, migrations and the demo unit; each only where it is missing."""
    owner_url = settings["DATABASE_OWNER_URL"]
    database.bootstrap(installation.cluster, passwords(settings))
    if not database.is_current(owner_url):
        print("Bringing the database up to date ...", flush=True)
        processes.run("flask", "db", "upgrade")
    if database.is_empty(owner_url):
        print("Filling in the demo unit ...", flush=True)
        processes.run("flask", "demo", "load")


def wait_until_ready(installation: Installation, processes: Processes) -> None:
    """Return when the web answers; raises `LocalError` when a child ends first, or nothing happens for long."""
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if end := processes.first_end():
            raise LocalError(end)
        if answers(installation.port):
            return
        time.sleep(0.1)
    raise LocalError(f"{installation.base_url} does not answer; see {installation.var_dir / 'log'}")


def answers(port: int) -> bool:
    """Whether the web answers on the port; what is not healthy, the page it answers with says itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def announce(installation: Installation) -> None:
    """Say where everything is."""
    var_dir = installation.var_dir
    log_ins = var_dir / "demo-logins.txt"
    print(f"\nEnkeltsag: {installation.base_url}  (Ctrl-C stops it)\n")
    if log_ins.exists():
        print(log_ins.read_text(encoding="utf-8"))
    print(f"Mails are kept in {var_dir / 'mail'}, logs in {var_dir / 'log'}.")
    print(f"For the flask command in another shell: set -a; . {installation.settings_file}; set +a", flush=True)


def require_free_port(port: int) -> None:
    """Raise `LocalError` when something else listens on the port, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(f"Port {port}: {error.strerror}; choose another, as in `make run PORT=8001`") from None


@contextmanager
def locked(installation: Installation) -> Iterator[Installation]:
    """Hold the installation for ourselves; raises `LocalError` when another run has it."""
    installation.var_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (installation.var_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError("It is running already from this checkout; stop that one first (Ctrl-C)") from None
        yield installation


if __name__ == "__main__":
    main()
