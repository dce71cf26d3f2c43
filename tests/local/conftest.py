"""Clusters for the tests of the local environment itself."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.postgres import Cluster, default_home, throwaway_cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as running:
        yield running


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for clusters that PostgreSQL's user can reach, which pytest's own temp folder is not as root."""
    default_home().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=default_home()))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
