"""The private PostgreSQL: reachable for us alone, permissions of other folders untouched, faults in one line."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from local.os_user import LocalError, database_os_user
from local.postgres import Cluster, default_home, memory_home, remove, throwaway_cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


def modes(folder: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in folder.parents}


def show(cluster: Cluster, setting: str) -> str:
    with psycopg.connect(cluster.superuser_url()) as connection:
        row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("timezone", "UTC"),
        ("log_min_error_statement", "panic"),
        ("fsync", "off"),
        ("max_connections", "200"),
    ],
)
def test_setting(cluster: Cluster, setting: str, value: str) -> None:
    assert show(cluster, setting) == value


def test_it_is_postgresql_18(cluster: Cluster) -> None:
    assert show(cluster, "server_version_num").startswith("18")


def test_sqlalchemy_reads_the_address(cluster: Cluster) -> None:
    engine = create_engine(cluster.superuser_url())
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT lower('ÆØÅ')")) == "æøå"
    engine.dispose()


def test_folders_are_ours_alone(cluster: Cluster) -> None:
    for folder in (cluster.folder, cluster.socket_dir, cluster.folder / "data"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == database_os_user().uid
    assert (cluster.folder / "superuser-password").stat().st_mode & 0o777 == 0o600


def test_no_folder_above_is_widened(home: Path) -> None:
    before = modes(home / "x")

    with throwaway_cluster(home):
        assert modes(home / "x") == before


def test_throwaway_cluster_leaves_nothing(home: Path) -> None:
    with throwaway_cluster(home) as cluster:
        folder, sockets = cluster.folder, cluster.socket_dir
        assert cluster.running

    assert not folder.exists()
    assert not sockets.exists()


def test_cluster_of_a_killed_run_is_removed_by_the_next(home: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    orphan = Cluster(home / f"tests-{ended.pid}-abc", "tests")
    orphan.start()

    with throwaway_cluster(home):
        assert not orphan.folder.exists()
    assert not orphan.running


def test_local_profile_keeps_data_and_asks_for_a_password(home: Path) -> None:
    cluster = Cluster(home / "local")
    try:
        with cluster, psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (x int)")
        assert not cluster.running
        with cluster:
            assert show(cluster, "fsync") == "on"
            with psycopg.connect(cluster.superuser_url()) as connection:
                assert connection.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone() == (True,)
            for url in (cluster.url("postgres", "postgres"), cluster.url("postgres", "postgres", "wrong")):
                with pytest.raises(psycopg.OperationalError, match="password"):
                    psycopg.connect(url)
    finally:
        remove(cluster)


def test_starting_twice_is_harmless(cluster: Cluster) -> None:
    Cluster(cluster.folder, "tests").start()

    assert cluster.running


def test_half_made_data_is_made_again(home: Path) -> None:
    cluster = Cluster(home / "local", "tests")
    database_os_user().make_folder(cluster.folder)
    (cluster.folder / "data.unfinished").mkdir()
    (cluster.folder / "data.unfinished" / "PG_VERSION").write_text("18\n")
    try:
        with cluster:
            assert cluster.running
    finally:
        remove(cluster)


def test_long_path_puts_the_socket_into_a_private_temp_folder(home: Path) -> None:
    cluster = Cluster(home / ("a" * 80), "tests")
    try:
        with cluster:
            assert len(bytes(cluster.socket_dir)) < 100
            assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
            assert show(cluster, "unix_socket_directories") == str(cluster.socket_dir)
    finally:
        remove(cluster)


def test_somebody_elses_socket_folder_is_refused(home: Path) -> None:
    cluster = Cluster(home / ("b" * 80), "tests")
    target = home / "target"
    target.mkdir()
    cluster.socket_dir.symlink_to(target)
    try:
        with pytest.raises(LocalError, match=r"expected a folder of user \d+ alone"):
            cluster.start()
    finally:
        cluster.socket_dir.unlink()


def test_data_of_another_version_is_refused_in_one_line(home: Path) -> None:
    cluster = Cluster(home / "local")
    (home / "local").mkdir(mode=0o700)
    user = database_os_user()
    os.chown(home / "local", user.uid, user.gid)
    (home / "local" / "data").mkdir()
    (home / "local" / "data" / "PG_VERSION").write_text("16\n")

    with pytest.raises(LocalError, match="written by PostgreSQL 16, not 18"):
        cluster.start()


def test_fault_is_one_line_with_the_reason(home: Path) -> None:
    cluster = Cluster(home / "local", "tests")
    try:
        with cluster:
            pass
        (cluster.folder / "data" / "global" / "pg_control").unlink()
        with pytest.raises(LocalError, match=r"^PostgreSQL did not start: .*pg_control") as caught:
            cluster.start()
        assert "\n" not in str(caught.value)
    finally:
        remove(cluster)


@as_root
def test_as_root_a_closed_folder_above_is_refused_and_left_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed / "x")

    with pytest.raises(LocalError, match=r"user enkeltsag, as whom PostgreSQL runs, cannot enter; set VAR_DIR"):
        Cluster(closed / "home" / "local").start()

    assert modes(closed / "x") == before


@as_root
def test_as_root_the_server_cannot_change_its_programs(cluster: Cluster) -> None:
    user = database_os_user()
    for path in (cluster.bin_dir, cluster.bin_dir / "postgres", cluster.bin_dir.parent / "lib"):
        assert path.stat().st_uid == 0
        assert path.stat().st_mode & 0o022 == 0
    probe = subprocess.run(
        [sys.executable, "-c", f"import os; os.setuid({user.uid}); open({str(cluster.bin_dir / 'postgres')!r}, 'ab')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PermissionError" in probe.stderr


def test_throwaway_data_lies_in_memory_where_there_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("local.postgres._MEMORY", tmp_path)
    monkeypatch.setattr("local.postgres._MEMORY_NEEDED", 1)
    assert memory_home().parent == tmp_path
    assert memory_home().name.startswith(f"enkeltsag-{os.geteuid()}-")

    monkeypatch.setattr("local.postgres._MEMORY_NEEDED", 2**80)
    assert memory_home() == default_home()
    monkeypatch.setattr("local.postgres._MEMORY", tmp_path / "none")
    assert memory_home() == default_home()
