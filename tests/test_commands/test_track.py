"""The command that tracks a video."""

import json
import os
import runpy
import signal
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from pycocotools.coco import COCO

import vsd_mot_cli
from bright_box_tracker import moving_boxes, true_boxes, write_config, write_frames
from forked_commands import run_on_two, start
from videos import frames_in
from vsd_mot.evaluation import EvaluationError, evaluate_mot_files

TOOLS = Path(__file__).parents[2] / 'tools'


TOOL = TOOLS / 'demo.py'


@pytest.fixture
def config(tmp_path):
    return write_config(tmp_path)


@pytest.fixture
def run(monkeypatch, config):
    """Runs the tool in this process, without a display; returns its exit status."""
    monkeypatch.delenv('DISPLAY', raising=False)
    monkeypatch.delenv('WAYLAND_DISPLAY', raising=False)

    def call(source, *arguments, config=config):
        arguments = [str(TOOL), str(source), str(config), *map(str, arguments)]
        monkeypatch.setattr(sys, 'argv', arguments)
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(TOOL), run_name='__main__')
        return left.value.code

    return call


def test_folder_to_all_files(run, tmp_path, capsys):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    out = tmp_path / 'out'
    assert run(folder, '--out', out, '--pictures', 4, '--scores', '--device', 'cpu') == 0
    printed = capsys.readouterr()
    table = np.loadtxt(out / 'walk.txt', delimiter=',')
    assert table.shape == (24, 10)
    for frame, identity, x, y, w, h, *_ in table:
        truth = np.array(true_boxes(int(frame) - 1)[int(identity)])
        assert np.abs(np.array([x, y, x + w, y + h]) - truth).max() <= 2
    coco = COCO(out / 'walk.json')
    assert len(coco.anns) == 24
    assert all(0 < image['quality'] < 1 for image in coco.imgs.values())
    assert coco.dataset['info']['config'].endswith('bright_boxes.py')
    assert coco.dataset['info']['checkpoint'] is None
    assert coco.dataset['info']['complete'] is True
    assert frames_in(out / 'walk_tracked.mp4') == 12
    assert sorted(os.listdir(out / 'walk_pictures')) == ['000001.jpg', '000005.jpg', '000009.jpg']
    assert cv2.imread(str(out / 'walk_quality.png')) is not None
    assert '12 frames, 2 tracks' in printed.out
    assert 'frames per second' in printed.out
    for name in ('walk.txt', 'walk.json', 'walk_tracked.mp4', 'walk_pictures', 'walk_quality.png'):
        assert str(out / name) in printed.out
    assert '12/12' in printed.err  # the progress bar


def test_files_for_other_tools(run, tmp_path, capsys):
    folder = write_frames(tmp_path / 'walk', moving_boxes(4))
    out = tmp_path / 'out'
    formats = ('cvat', 'label-studio', 'yolo', 'csv', 'parquet', 'csv')
    for _ in range(2):  # what a former run wrote is replaced
        arguments = ('--out', out, '--no-video', '--write', *formats, '--classes', 'lamp')
        assert run(folder, *arguments) == 0
    files = ('walk_cvat.xml', 'walk_studio.json', 'walk_yolo', 'walk.csv', 'walk.parquet')
    printed = capsys.readouterr().out
    for name in files:
        assert (out / name).exists()
        assert str(out / name) in printed
    assert not list(out.glob('*.partial'))
    assert (out / 'walk.csv').read_text().count(',lamp,') == 8
    json_file = json.loads((out / 'walk.json').read_text())
    assert json_file['categories'] == [dict(id=1, name='lamp')]


def test_numbers_of_the_images_are_those_of_the_ground_truth(run, tmp_path):
    folder = write_frames(tmp_path / 'walk' / 'img1', moving_boxes(4))
    rows = []
    for index, number in enumerate((1, 3, 5, 7)):
        (folder / f'frame{index + 1}.png').rename(folder / f'{number:06d}.png')
        for identity, (x1, y1, x2, y2) in true_boxes(index).items():
            rows.append(f'{number},{identity},{x1},{y1},{x2 - x1},{y2 - y1},1,1,1\n')
    (tmp_path / 'walk' / 'gt').mkdir()
    (tmp_path / 'walk' / 'gt' / 'gt.txt').write_text(''.join(rows))
    out = tmp_path / 'out'
    assert run(folder.parent, '--out', out, '--no-video', '--pictures', 3) == 0
    table = np.loadtxt(out / 'walk.txt', delimiter=',')
    assert table[:, 0].tolist() == [1, 1, 3, 3, 5, 5, 7, 7]
    assert sorted(os.listdir(out / 'walk_pictures')) == ['000001.jpg', '000007.jpg']
    images = json.loads((out / 'walk.json').read_text())['images']
    assert [(image['id'], image['frame_id'], image['file_name']) for image in images] == [
        (index + 1, index, f'{number:06d}.png') for index, number in enumerate((1, 3, 5, 7))
    ]
    scores = evaluate_mot_files(tmp_path / 'walk', out / 'walk.txt')
    assert scores.combined['MOTA'] == scores.combined['IDF1'] == 1.0
    # The length is the last frame's number, not the count of frames.
    (tmp_path / 'walk' / 'seqinfo.ini').write_text('[Sequence]\nseqLength=7\n')
    assert evaluate_mot_files(tmp_path / 'walk', out / 'walk.txt').combined == scores.combined
    (tmp_path / 'walk' / 'seqinfo.ini').write_text('[Sequence]\nseqLength=4\n')
    with pytest.raises(EvaluationError, match=r'has frame 7, .* frame 4 .* correct seqLength'):
        evaluate_mot_files(tmp_path / 'walk', out / 'walk.txt')


def test_video_in_and_options(run, tmp_path, capsys):
    writer = cv2.VideoWriter(
        str(tmp_path / 'clip.mp4'), cv2.VideoWriter_fourcc(*'mp4v'), 12.5, (128, 96)
    )
    for frame in moving_boxes():
        writer.write(frame)
    writer.release()
    options = ['--no-video', '--max-frames', 5, '--cfg-options', 'model.sees_quality=False']
    assert run(tmp_path / 'clip.mp4', '--out', tmp_path / 'out', *options) == 0
    assert sorted(os.listdir(tmp_path / 'out')) == ['clip.json', 'clip.txt']
    data = json.loads((tmp_path / 'out' / 'clip.json').read_text())
    assert data['videos'][0]['fps'] == 12.5
    assert len(data['images']) == 5
    assert data['images'][0]['quality'] is None
    assert data['info']['complete'] is False  # 5 of 12 frames
    assert '5 frames' in capsys.readouterr().out


def test_unreadable_frames_are_reported(run, tmp_path, capsys):
    folder = write_frames(tmp_path / 'walk', moving_boxes())
    (folder / 'frame3.png').write_bytes(b'broken')
    assert run(folder, '--out', tmp_path / 'out') == 0
    printed = capsys.readouterr()
    assert '1 frames could not be read or are damaged' in printed.err
    assert 'frame3.png' in printed.err
    assert frames_in(tmp_path / 'out' / 'walk_tracked.mp4') == 12
    assert run(folder, '--out', tmp_path / 'strict', '--strict') == 1
    assert 'error: ' in capsys.readouterr().err
    assert len(json.loads((tmp_path / 'strict' / 'walk.json').read_text())['images']) == 2


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['nowhere.mp4'], r'error: nowhere.mp4 does not exist'),
        (['77'], 'error: camera 77 cannot be opened'),
        (['.', 'nowhere.pth'], 'error: the checkpoint nowhere.pth does not exist'),
        (['.', '--show'], 'error: --show cannot open a window: there is no display'),
        (['.', '--proposals', 'det.txt'], 'error: BrightBoxTracker makes its own detections'),
        (['empty'], 'error: there is no video in the folder empty'),
    ],
)
def test_mistakes_are_one_line(run, tmp_path, monkeypatch, capsys, arguments, message):
    write_frames(tmp_path / 'walk', moving_boxes(2))
    (tmp_path / 'empty').mkdir()
    monkeypatch.chdir(tmp_path)
    source, *rest = arguments
    assert run(tmp_path / 'walk' if source == '.' else source, *rest) == 1
    error = capsys.readouterr().err.splitlines()
    assert [line for line in error if line.startswith(message)]
    assert 'Traceback' not in '\n'.join(error)


def test_config_that_is_not_there(run, tmp_path, capsys):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    assert run(folder, config='vsd-mot_nonsense') == 1
    assert 'error: there is no config vsd-mot_nonsense' in capsys.readouterr().err


def wait_until_it_tracks(process, out, log):
    deadline = time.monotonic() + 100
    while process.is_alive() and time.monotonic() < deadline:
        partial = list(out.glob('*.txt.partial'))
        if partial and partial[0].stat().st_size:
            return
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f'it tracked nothing: {log.read_text()}')


def test_ctrl_c_leaves_valid_files(tmp_path, config):
    """SIGTERM goes the same way, see test_engine/test_stopping.py."""
    folder = write_frames(tmp_path / 'walk', moving_boxes(20) * 20, '.bmp')
    out, log = tmp_path / 'out', tmp_path / 'log'
    arguments = ['track', folder, config, '--out', out, '--device', 'cpu', '--pictures', '1']
    process = start([*arguments, '--cfg-options', 'model.delay=0.05'], log)
    wait_until_it_tracks(process, out, log)
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    process.join(60)
    printed = log.read_text()
    assert process.exitcode == 128 + signal.SIGINT, printed
    assert 'Traceback' not in printed
    assert 'stopped by a signal' in printed
    count = int(printed.split('stopped by a signal; ')[1].split()[0])
    assert 1 <= count < 400
    # All that was done, no less, in every file.
    data = json.loads((out / 'walk.json').read_text())
    assert len(data['images']) == data['info']['frames'] == count
    assert data['info']['complete'] is False
    table = np.loadtxt(out / 'walk.txt', delimiter=',')
    assert table.shape == (2 * count, 10)
    assert table[:, 0].max() == count
    assert frames_in(out / 'walk_tracked.mp4') == count
    assert len(os.listdir(out / 'walk_pictures')) == count
    assert not [name for name in os.listdir(out) if 'partial' in name or 'reserve' in name]


def test_a_video_alone_is_tracked_with_the_shipped_weights(tmp_path, capsys):
    clip = TOOLS.parent / 'demo' / 'clip.mp4'
    out = tmp_path / 'out'
    arguments = ['track', str(clip), '--out', str(out), '--max-frames', '2', '--no-video']
    assert vsd_mot_cli.main([*arguments, '--device', 'cpu', '--window', '2']) == 0
    assert 'for research only' in capsys.readouterr().out
    info = json.loads((out / 'clip.json').read_text())['info']
    assert Path(info['checkpoint']).name == 'vsd-mot_tiny-nano_real.pth'
    assert 'real' in Path(info['config']).stem


MODEL = [
    'vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic',
    str(TOOLS.parent / 'demo' / 'vsd-mot_tiny_synthetic.pth'),
]


def write_clips(folder):
    """Three pieces of the demo clip, two frames each, and a file that is no video."""
    video = cv2.VideoCapture(str(TOOLS.parent / 'demo' / 'clip.mp4'))
    for name in ('a', 'b', 'c'):
        write_frames(folder / name, [video.read()[1] for _ in range(2)])
    (folder / 'bad.mp4').write_bytes(b'broken')
    return folder


def what_was_written(out):
    """All files by name; of the JSON all but when it was written and how long it took."""
    contents = {}
    for path in sorted(out.rglob('*')):
        if path.is_dir() or path.parent == out:
            continue
        content = path.read_bytes()
        if path.suffix == '.json':
            content = json.loads(content)
            content['info'].pop('date_created')
            content['info'].pop('seconds')
        contents[path.relative_to(out).as_posix()] = content
    return contents


def test_two_processes_write_what_one_writes(tmp_path, capsys):
    clips = write_clips(tmp_path / 'clips')
    arguments = ['track', str(clips), *MODEL, '--device', 'cpu', '--out']
    assert vsd_mot_cli.main([*arguments, str(tmp_path / 'one')]) == 1
    printed = capsys.readouterr().out
    assert len([line for line in printed.splitlines() if line.endswith('tracked')]) == 3
    assert 'bad' in printed
    statuses, printed = run_on_two([*arguments, tmp_path / 'two'], tmp_path)
    assert max(statuses) == 1, printed  # of the one that got the broken video
    assert 'failed: ' in printed
    one, two = what_was_written(tmp_path / 'one'), what_was_written(tmp_path / 'two')
    assert len(one) == 12
    assert sum(len(content) for name, content in one.items() if name.endswith('.txt')) > 0
    assert one == two
    assert len(json.loads((tmp_path / 'two' / 'summary.json').read_text())['videos']) == 4


def test_what_is_for_one_video_is_refused_for_many(tmp_path, config, capsys):
    write_frames(tmp_path / 'clips' / 'walk', moving_boxes(2))
    arguments = ['track', str(tmp_path / 'clips'), str(config), '--device', 'cpu', '--show']
    assert vsd_mot_cli.main(arguments) == 1
    assert '--show, --first-masks and --rerun are for one video' in capsys.readouterr().err
