"""What was acknowledged is there, whole, whenever the program is killed."""

import http.client
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .service import Client, Service

#: A field's length in characters: entries of several pages of the database.
LENGTH = 3_000


def run_program(instance: Path, *words: str) -> None:
    program = [sys.executable, "-c", "from scrqm_forms.cli import main; main()", "--instance", str(instance)]
    subprocess.run([*program, *words], check=True)


class Killer:
    """Kills the program at the moment when so many saves were acknowledged."""

    def __init__(self, service: Service, after: int) -> None:
        self._service, self._left, self._lock = service, after, threading.Lock()

    def count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self._service.kill()


def save_until_killed(client: Client, killer: Killer) -> None:
    try:
        while True:
            answer = client.save()
            assert answer.status == 200, answer.text
            killer.count()
    except (OSError, http.client.HTTPException):
        return


def kill_while_saving(service: Service, clients: list[Client], pool: ThreadPoolExecutor, chance: random.Random) -> None:
    """Kill, start again, and hold what is there against what was acknowledged."""
    killer = Killer(service, chance.randint(1, 60))
    for done in [pool.submit(save_until_killed, client, killer) for client in clients]:
        done.result()
    service.start()
    for client in clients:
        found = client.open()
        # What was being sent may have been stored without the answer having arrived.
        assert client.acknowledged <= found <= client.sent
        client.acknowledged = client.sent = found


@pytest.mark.parametrize("times", [8, pytest.param(300, marks=pytest.mark.slow)])
def test_killed_program_keeps_every_acknowledged_save_whole(
    service: Service, links: list[str], times: int, instance_path: Path, tmp_path: Path
) -> None:
    clients = [Client(service, link, "qm08", LENGTH) for link in links[:8]]
    for client in clients:
        client.open()
    chance = random.Random(f"kill {times}")
    with ThreadPoolExecutor(len(clients)) as pool:
        for _ in range(times):
            kill_while_saving(service, clients, pool, chance)
    assert all(client.acknowledged for client in clients)
    service.kill()
    # A copy is read whole before it is called good: pages, references and digests.
    run_program(instance_path, "backup", str(tmp_path / "copy.db"))


@pytest.mark.parametrize("saves", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_fifty_people_save_at_once_and_lose_nothing(service: Service, links: list[str], saves: int) -> None:
    clients = [Client(service, link, "qm08", 200) for link in links]
    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = list(pool.map(lambda client: save_many_times(client, saves), clients))
    assert [status for each in statuses for status in each] == [200] * (len(clients) * saves)
    assert [client.open() for client in clients] == [saves] * len(clients)


def save_many_times(client: Client, saves: int) -> list[int]:
    client.open()
    return [client.save().status for _ in range(saves)]


def test_backup_taken_while_people_save_is_whole_and_restored_elsewhere(
    service: Service, links: list[str], instance_path: Path, tmp_path: Path
) -> None:
    clients = [Client(service, link, "qm08", LENGTH) for link in links[:8]]
    for client in clients:
        client.open()
        client.save()
    copy, elsewhere = tmp_path / "copy.db", tmp_path / "elsewhere"
    with ThreadPoolExecutor(len(clients)) as pool:
        saving = [pool.submit(save_until_killed, client, Killer(service, -1)) for client in clients]
        before = [client.acknowledged for client in clients]
        run_program(instance_path, "backup", str(copy))
        service.kill()
        for done in saving:
            done.result()
    elsewhere.mkdir()
    shutil.copy(instance_path / "secret.key", elsewhere)
    run_program(elsewhere, "restore", str(copy))
    service.start(elsewhere)
    for client, at_least in zip(clients, before, strict=True):
        assert at_least <= client.open() <= client.sent
