"""Kills in the middle of many videos, and a hundred thousand frames."""

import ctypes
import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bright_box_tracker import moving_boxes, write_config, write_frames
from command_runs import environment
from vsd_mot.apis import init_tracker, track_video
from vsd_mot.apis.segments import SegmentedOutputs
from vsd_mot.apis.video_run import VideoRun
from vsd_mot.engine.stopping import StopOnSignal

pytestmark = pytest.mark.filterwarnings('ignore:no checkpoint was given')
ROOT = Path(__file__).parents[2]
FRAMES = 100_000


def resident() -> float:
    """MiB of memory of this process, when what it has freed is given back to the system."""
    gc.collect()
    if hasattr(libc := ctypes.CDLL(None), 'malloc_trim'):
        libc.malloc_trim(0)
    status = Path('/proc/self/status').read_text()
    return int(re.search(r'VmRSS:\s+(\d+) kB', status)[1]) / 1024


@pytest.mark.slow
def test_a_hundred_thousand_frames_in_flat_memory(tmp_path, capsys):
    tracker = init_tracker(write_config(tmp_path), device='cpu')
    pictures = moving_boxes(12, 96, 128)
    stream = track_video(tracker, (pictures[index % 12] for index in range(FRAMES)))
    outputs = SegmentedOutputs(tmp_path / 'out', stream.source, minutes=2, video=False)
    sizes = []

    def measure() -> bool:
        if run.summary.frames % 10_000 == 0:
            sizes.append(resident())
        return True

    run = VideoRun(stream, outputs, after_frame=measure)
    with StopOnSignal() as signals:
        run.run(signals)
    with capsys.disabled():
        print(f'\n{[round(size) for size in sizes]} MiB, {run.summary.seconds:.0f} s')
    assert run.summary.frames == FRAMES
    assert len(list((tmp_path / 'out').glob('*.json'))) == outputs.segments
    # The first frames warm caches up. The test's model notes the number of each frame: 4 MiB.
    assert sizes[-1] - sizes[1] < 20


@pytest.mark.slow
def test_a_killed_job_goes_on_where_it_was(tmp_path):
    """Killed at once, by SIGKILL, in the second of three videos."""
    for name in ('a', 'b', 'c'):
        write_frames(tmp_path / 'clips' / name, moving_boxes(12) * 2, '.bmp')
    out = tmp_path / 'out'
    path = os.pathsep.join(map(str, (ROOT / 'projects', ROOT / 'tests' / 'helpers')))
    command = [sys.executable, '-m', 'vsd_mot.commands', 'track', str(tmp_path / 'clips')]
    command += [str(write_config(tmp_path)), '--out', str(out), '--device', 'cpu', '--no-video']

    def start(delay: float) -> subprocess.Popen:
        return subprocess.Popen(
            [*command, '--cfg-options', f'model.delay={delay}'],
            env={**environment(), 'PYTHONPATH': path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    job = start(0.1)
    deadline = time.monotonic() + 300
    while not any(file.stat().st_size for file in out.glob('b/b.*.txt.partial')):
        assert job.poll() is None, job.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    job.send_signal(signal.SIGKILL)
    job.communicate()
    assert (out / 'a' / 'a.json').exists()
    assert not (out / 'b' / 'b.json').exists()
    stamp = (out / 'a' / 'a.json').stat().st_mtime_ns
    job = start(0.1)
    _, said = job.communicate(timeout=300)
    assert job.returncode == 0, said
    summary = json.loads((out / 'summary.json').read_text())['videos']
    assert [one['status'] for one in summary] == ['finished before', 'tracked', 'tracked']
    assert [one['frames'] for one in summary] == [24, 24, 24]
    assert (out / 'a' / 'a.json').stat().st_mtime_ns == stamp
    assert not list(out.rglob('*.partial'))
    assert not [path for path in out.rglob('.*')]
