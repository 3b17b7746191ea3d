"""What `make demo` runs."""

from pathlib import Path

import cv2
import pytest

from bright_box_tracker import moving_boxes, true_boxes, write_config, write_frames
from videos import frames_in
from vsd_mot.commands import demo
from vsd_mot.mot_layout import list_images

TOOLS = Path(__file__).parents[2] / 'tools'


@pytest.fixture
def config(tmp_path):
    return write_config(tmp_path)


@pytest.mark.parametrize(
    ('sequence', 'message'),
    [
        ('nowhere', 'error: nowhere does not exist'),
        ('walk', "error: [Errno 2] No such file or directory: 'walk/gt/gt.txt'"),
    ],
)
def test_mistakes_in_packing_are_one_line(tmp_path, capsys, monkeypatch, sequence, message):
    monkeypatch.chdir(tmp_path)
    write_frames(tmp_path / 'walk' / 'img1', moving_boxes(2))
    before = (TOOLS.parent / 'demo' / 'clip.mp4').stat()
    assert demo.main(['--pack', sequence]) == 1
    assert message in capsys.readouterr().err
    assert (TOOLS.parent / 'demo' / 'clip.mp4').stat() == before, 'the clip stays what it was'


def test_demo_of_the_repository(tmp_path, capsys, monkeypatch, config):
    """What `make demo` does, with a clip packed from a sequence and a tracker for it."""
    sequence = tmp_path / 'walk'
    write_frames(sequence / 'img1', moving_boxes(20))
    # Every other frame of a longer sequence: the video has places where the images have numbers.
    for index, path in enumerate(list_images(sequence / 'img1')):
        path.rename(path.with_name(f'{2 * index + 1:06d}{path.suffix}'))
    rows = [
        f'{2 * index + 1},{identity},{x1},{y1},{x2 - x1},{y2 - y1},1,1,1'
        for index in range(20)
        for identity, (x1, y1, x2, y2) in true_boxes(index).items()
    ]
    (sequence / 'gt').mkdir()
    (sequence / 'gt' / 'gt.txt').write_text('\n'.join(rows))
    (sequence / 'seqinfo.ini').write_text('[Sequence]\nframeRate=10\nseqLength=39\n')
    demo.pack_clip(sequence, tmp_path / 'demo', frames=15)
    assert frames_in(tmp_path / 'demo' / 'clip.mp4') == 15
    truth = (tmp_path / 'demo' / 'gt' / 'gt.txt').read_text().splitlines()
    assert len(truth) == 30
    assert {int(line.split(',')[0]) for line in truth} == set(range(1, 16))

    files = demo.DemoFiles(tmp_path / 'demo', config, None, None)
    assert demo.run_demo(files, tmp_path / 'out', 'cpu') == 0
    printed = capsys.readouterr().out
    header, _, row = printed.splitlines()[-5:-2]
    assert header.split() == ['sequence', 'HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1']
    scores = dict(zip(header.split()[1:], map(float, row.split()[1:])))
    assert scores['MOTA'] == scores['IDF1'] == 100.0
    assert scores['HOTA'] > 75
    for name in ('clip_tracked.mp4', 'clip.txt', 'clip.json', 'clip.png', 'clip_quality.png'):
        assert (tmp_path / 'out' / name).stat().st_size > 0
        assert str(tmp_path / 'out' / name) in printed
    # Small pictures are enlarged, so that there is room for what is drawn.
    assert cv2.imread(str(tmp_path / 'out' / 'clip.png')).shape == (384, 512, 3)
