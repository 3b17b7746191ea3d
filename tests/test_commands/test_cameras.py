"""The command that tracks several cameras, on real streams."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

import vsd_mot_cli
from bright_box_tracker import moving_boxes, write_config, write_frames
from live_streams import tcp_stream
from source_samples import write_video

ROOT = Path(__file__).parents[2]
MODEL = [
    'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic',
    str(ROOT / 'demo' / 'vsd-mot_tiny_synthetic.pth'),
]


@pytest.fixture(scope='module')
def pictures():
    video = cv2.VideoCapture(str(ROOT / 'demo' / 'clip.mp4'))
    return [cv2.resize(video.read()[1], (320, 180)) for _ in range(3)]


def test_each_camera_has_its_folder_and_a_broken_stream_comes_again(pictures, tmp_path, capsys):
    door = write_frames(tmp_path / 'frames', pictures)
    (tmp_path / 'bad.mp4').write_bytes(b'broken')
    stream = write_video(tmp_path / 'yard.ts', pictures)
    out = tmp_path / 'out'
    with tcp_stream(stream) as (address, connections):
        arguments = [f'door={door}', f'yard={address}', f'bad={tmp_path / "bad.mp4"}', *MODEL]
        arguments += ['--out', str(out), '--device', 'cpu', '--segment', '0.001', '--no-video']
        arguments += ['--max-frames', '4']
        assert vsd_mot_cli.main(['cameras', *arguments]) == 1, 'one of them cannot be opened'
    assert len(connections) >= 2
    printed = capsys.readouterr()
    assert 'bad: ' in printed.err
    assert 'ms, median' in printed.out
    rows = {row['name']: row for row in json.loads((out / 'summary.json').read_text())['videos']}
    assert {name: row['status'] for name, row in rows.items()} == {
        'door': 'tracked',
        'yard': 'shortened',
        'bad': 'failed',
    }
    assert (rows['door']['frames'], rows['yard']['frames']) == (3, 4)
    assert 0 < rows['yard']['latency']['median'] <= rows['yard']['latency']['p99']
    segments = [json.loads(path.read_text()) for path in (out / 'yard').glob('yard_*.json')]
    assert sum(one['info']['frames'] for one in segments) == 4
    assert len(segments) >= 2, 'the gap is longer than a segment'
    (last,) = [one for one in segments if one['info']['complete'] is False]
    assert last['info']['gaps'][0][1] > 0.9
    assert last['info']['latency_ms']['p99'] > 0
    times = sorted(one['info']['first_time'] for one in segments)
    assert np.diff(times).max() > 0.9, 'the gap is in the times of the frames'


def test_one_stream_alone_is_connected_again(tmp_path, capsys):
    stream = write_video(tmp_path / 'yard.ts', moving_boxes(8))
    out = tmp_path / 'out'
    with tcp_stream(stream) as (address, connections):
        arguments = [address, str(write_config(tmp_path)), '--out', str(out), '--device', 'cpu']
        arguments += ['--segment', '5', '--max-frames', '10', '--no-video']
        assert vsd_mot_cli.main(['track', *arguments]) == 0
    assert len(connections) >= 2
    printed = capsys.readouterr().out
    assert 'from arrival to result: ' in printed
    assert 'no frame came for 1.' in printed
    (result,) = out.glob('*.json')
    info = json.loads(result.read_text())['info']
    assert info['gaps'][0][1] > 0.9
    assert info['latency_ms']['median'] > 0


def test_a_stream_that_stays_away_is_an_error(tmp_path, capsys):
    stream = write_video(tmp_path / 'yard.ts', moving_boxes(4))
    with tcp_stream(stream) as (address, connections):
        arguments = [address, str(write_config(tmp_path)), '--out', str(tmp_path / 'out')]
        arguments += ['--device', 'cpu', '--reconnect', '0', '--no-video']
        assert vsd_mot_cli.main(['track', *arguments]) == 0
        assert len(connections) == 1
    with pytest.raises(SystemExit):
        vsd_mot_cli.main(['track', 'a.mp4', '--segment', '-1'])
    video = write_video(tmp_path / 'a.mp4', moving_boxes(2))
    arguments = [str(video), str(write_config(tmp_path)), '--segment', '1', '--device', 'cpu']
    assert vsd_mot_cli.main(['track', *arguments]) == 1
    assert '--segment is for cameras and streams' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['rtsp://host/yard'], 'write NAME=ADDRESS, such as door=0'),
        (['door=0', 'Door=1'], 'two cameras are called Door'),
        (['door=0', '--segment', '-1'], "argument --segment: '-1' is not a number of at least 0"),
    ],
)
def test_mistakes_come_before_anything_is_loaded(arguments, message, capsys):
    with pytest.raises(SystemExit):
        vsd_mot_cli.main(['cameras', *arguments])
    assert message in capsys.readouterr().err


def test_no_camera_at_all(tmp_path, capsys):
    arguments = ['cameras', f'door={tmp_path / "none.mp4"}', *MODEL, '--device', 'cpu']
    assert vsd_mot_cli.main([*arguments, '--out', str(tmp_path)]) == 1
    assert 'not one camera can be opened' in capsys.readouterr().err
