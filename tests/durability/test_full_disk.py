"""A disk that is full refuses what is new, keeps what it has, and takes more once there is room again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import fill
from .service import Client, Service

#: Of a disk that is quickly full, in bytes.
SIZE = 12_000_000
#: Characters in a field: an entry that needs room of its own.
LENGTH = 30_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(path)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk of its own can only be had by root on Linux")
    yield path
    subprocess.run(["umount", str(path)], check=True)


def fill_up(disk: Path) -> Path:
    """A file that leaves no byte free."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"\0" * 4096)
        except OSError:
            return file


def test_full_disk_loses_nothing_acknowledged_and_gives_back_what_it_refuses(small_disk: Path) -> None:
    links = fill(small_disk / "instance")
    service = Service(small_disk / "instance")
    service.start()
    try:
        clients = [Client(service, link, "qm08", LENGTH) for link in links[:5]]
        for client in clients:
            client.open()
            assert client.save().status == 200
        filler = fill_up(small_disk)
        for client in clients:
            save_until_refused(client)
        filler.unlink()
        for client in clients:
            assert client.open() == client.acknowledged
            client.sent = client.acknowledged
            assert client.save().status == 200
        service.kill()
        service.start()
        assert [client.open() for client in clients] == [client.acknowledged for client in clients]
    finally:
        service.end()


def save_until_refused(client: Client) -> None:
    """By the page's script and by its button: both say so, and the page still holds every text."""
    while (answer := client.save()).status == 200:
        assert client.sent < 100, "the disk never was full"
    assert answer.status == 503
    assert "Not saved." in answer.text
    assert client.open() == client.acknowledged
    answer = client.save(by_itself=False)
    assert answer.status == 503
    assert all(client.text(field, client.sent) in answer.text for field in client.FIELDS)
    assert "Not saved." in answer.text
