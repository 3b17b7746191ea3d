import os
import signal
import subprocess
import sys
import time

import pytest

import vsd_mot.processes

PARENT = """
import multiprocessing, os, sys, time, types
from concurrent.futures import ProcessPoolExecutor
package = sys.modules['vsd_mot'] = types.ModuleType('vsd_mot')
package.__path__ = [{root!r}]
from vsd_mot.processes import die_with_parent
if __name__ == '__main__':
    context = multiprocessing.get_context('fork')
    with ProcessPoolExecutor(1, context, die_with_parent, (os.getpid(),)) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 60)
        time.sleep(60)
"""


def is_alive(pid):
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not sys.platform.startswith('linux'), reason='Linux alone can do it')
def test_workers_end_with_a_killed_parent():
    root = os.path.dirname(vsd_mot.processes.__file__)
    command = [sys.executable, '-c', PARENT.format(root=root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        assert is_alive(worker)
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(worker)
