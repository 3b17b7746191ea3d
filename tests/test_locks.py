import os
import signal
import subprocess
import sys
import time

import pytest

from vsd_mot.errors import BusyError
from vsd_mot.locks import FileLock

HOLDER = """
import sys, time, types
package = sys.modules['vsd_mot'] = types.ModuleType('vsd_mot')
package.__path__ = [{root!r}]
from vsd_mot.locks import FileLock
lock = FileLock(sys.argv[1], 'the folder', shared=sys.argv[2] == 'shared')
print('held', flush=True)
time.sleep(60)
"""


@pytest.fixture
def hold(tmp_path):
    """A function that has another process hold the lock."""
    import vsd_mot.locks

    root = os.path.dirname(vsd_mot.locks.__file__)
    started = []

    def start(kind):
        command = [sys.executable, '-c', HOLDER.format(root=root), str(tmp_path / 'a.lock'), kind]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == 'held\n'
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_one_holds_it(tmp_path, hold):
    process = hold('alone')
    with pytest.raises(BusyError, match=rf'the folder .*process {process.pid} on '):
        FileLock(tmp_path / 'a.lock', 'the folder')


def test_a_kill_lets_go_of_it(tmp_path, hold):
    process = hold('alone')
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with FileLock(tmp_path / 'a.lock', 'the folder'):
        pass
    assert not (tmp_path / 'a.lock').exists()


def test_shared_ones_know_when_they_are_alone(tmp_path, hold):
    process = hold('shared')
    with FileLock(tmp_path / 'a.lock', 'the folder', shared=True) as lock:
        assert not lock.alone()
        process.kill()
        process.wait()
        assert lock.alone()
        lock.share()
    assert not (tmp_path / 'a.lock').exists()


def test_shared_ones_leave_the_file_to_the_last(tmp_path, hold):
    hold('shared')
    FileLock(tmp_path / 'a.lock', 'the folder', shared=True).release()
    assert (tmp_path / 'a.lock').exists()
    begin = time.monotonic()
    with pytest.raises(BusyError):
        FileLock(tmp_path / 'a.lock', 'the folder')
    assert time.monotonic() - begin < 10


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / 'a.lock').symlink_to(tmp_path / 'elsewhere')
    with pytest.raises(OSError, match='symbolic links'):
        FileLock(tmp_path / 'a.lock', 'the folder')
    assert not (tmp_path / 'elsewhere').exists()


def test_forked_workers_do_not_hold_it_on(tmp_path):
    lock = FileLock(tmp_path / 'a.lock', 'the folder')
    begun, tell = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.write(tell, b'x')
        time.sleep(30)
        os._exit(0)
    try:
        os.read(begun, 1)
        lock.forget()  # as the end of this process would
        FileLock(tmp_path / 'a.lock', 'the folder').release()
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
