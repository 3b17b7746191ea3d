"""Work that processes share."""

import multiprocessing
import socket
import time

import pytest
import torch

from vsd_mot.engine import shared_work
from vsd_mot.engine.shared_work import SharedWork, is_launched, launched_device
from vsd_mot.errors import TrackingError


def test_one_process_gets_all():
    assert not is_launched()
    work = SharedWork(3, 'anything')
    for number in work:
        work.put(number, number**2)
    work.done()
    assert work.is_first
    assert work.gather() == {0: 0, 1: 1, 2: 4}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def second_process(port: int, ready) -> None:
    """Does all but one piece; then other work than the first process."""
    with pytest.MonkeyPatch.context() as patch:
        launch(patch, 1, port)
        work = SharedWork(6, 'the same')
        done = []
        for number in work:
            work.put(number, dict(by=1))
            done.append(number)
            if len(done) == 5:
                ready.set()
        work.done()
        assert not work.is_first
        assert len(done) == 5, 'who is free takes the next one'
        with pytest.raises(TrackingError, match='process 1 has other work than the first one'):
            SharedWork(2, 'something else')


def launch(patch: pytest.MonkeyPatch, rank: int, port: int) -> None:
    """As torchrun sets the variables of a process."""
    variables = dict(RANK=rank, WORLD_SIZE=2, MASTER_ADDR='127.0.0.1', MASTER_PORT=port)
    for name, value in variables.items():
        patch.setenv(name, str(value))


def test_two_processes_share(monkeypatch):
    """By forks, which import nothing; the command does it under torchrun itself."""
    monkeypatch.setattr(shared_work, 'die_with_parent', lambda: None)
    fork = multiprocessing.get_context('fork')
    port, ready = free_port(), fork.Event()
    second = fork.Process(target=second_process, args=(port, ready))
    second.start()
    launch(monkeypatch, 0, port)
    work = SharedWork(6, 'the same')
    done = []
    for number in work:
        assert ready.wait(60)
        work.put(number, dict(by=0))
        done.append(number)
    work.done()
    gathered = work.gather()
    assert sorted(gathered) == list(range(6))
    assert [number for number, one in gathered.items() if one['by'] == 0] == done
    assert len(done) == 1
    SharedWork(2, 'some')
    second.join(60)
    assert second.exitcode == 0


def test_what_is_there_is_gathered_without_waiting(monkeypatch):
    monkeypatch.setattr(shared_work, 'is_launched', lambda: False)
    work = SharedWork(3, 'anything')
    work.put(1, 'one')
    begin = time.monotonic()
    assert work.gather(wait=False) == {1: 'one'}
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    ('wanted', 'gpus', 'device'),
    [(None, 2, 'cuda:1'), ('cuda', 2, 'cuda:1'), ('cuda:0', 2, 'cuda:0'), ('cpu', 2, 'cpu')],
)
def test_each_process_has_its_gpu(monkeypatch, wanted, gpus, device):
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: gpus)
    assert launched_device(wanted) == wanted
    for name, value in dict(RANK='3', WORLD_SIZE='4', LOCAL_RANK='3').items():
        monkeypatch.setenv(name, value)
    assert launched_device(wanted) == device
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: 0)
    assert launched_device(wanted) == wanted
