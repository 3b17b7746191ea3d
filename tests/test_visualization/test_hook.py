"""Pictures of a test or validation, video by video."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from mmengine.registry import init_default_scope
from mmtrack.registry import HOOKS, VISUALIZERS

from drawn_samples import sample_of
from vsd_mot.visualization import SequenceVisualizationHook
from vsd_mot.visualization.hook import frame_name

LENGTH = 4


@pytest.fixture
def videos(tmp_path):
    """Two sequences whose images have the same names, one dark and one light."""
    for video, grey in (('dark', 30), ('light', 200)):
        folder = tmp_path / 'set' / video / 'img1'
        folder.mkdir(parents=True)
        for number in range(1, LENGTH + 1):
            cv2.imwrite(str(folder / f'{number:06d}.jpg'), np.full((240, 320, 3), grey, np.uint8))
    return tmp_path / 'set'


@pytest.fixture
def visualizer(request):
    init_default_scope('mmtrack')
    # The hook finds the visualizer that the runner made last, as in a real run.
    return VISUALIZERS.build(dict(type='QualityTrackVisualizer', name=request.node.name, fps=10))


def runner(tmp_path):
    return SimpleNamespace(log_dir=str(tmp_path / 'log'), iter=0)


@pytest.mark.parametrize('batch', [1, 3])
def test_videos_do_not_overwrite_each_other(videos, tmp_path, visualizer, batch):
    hook = HOOKS.build(
        dict(type='SequenceVisualizationHook', draw=True, interval=2, out_dir='pictures')
    )
    samples = [sample_of(videos, video, i) for video in ('dark', 'light') for i in range(LENGTH)]
    for start in range(0, len(samples), batch):
        hook.after_test_iter(runner(tmp_path), start, outputs=samples[start : start + batch])
    written = sorted(p.relative_to(tmp_path / 'log') for p in (tmp_path / 'log').rglob('*.jpg'))
    assert [path.as_posix() for path in written] == [
        'pictures/dark/000001.jpg',
        'pictures/dark/000003.jpg',
        'pictures/light/000001.jpg',
        'pictures/light/000003.jpg',
    ]
    dark = cv2.imread(str(tmp_path / 'log' / written[1]))
    light = cv2.imread(str(tmp_path / 'log' / written[3]))
    assert abs(int(np.median(dark)) - 30) < 3
    assert abs(int(np.median(light)) - 200) < 3
    assert len(np.unique(dark)) > 30  # something is drawn
    # Frames that were not saved are in the curves all the same.
    assert len(visualizer.annotator._history) == LENGTH


def test_history_has_no_gaps(videos, tmp_path, visualizer):
    hook = SequenceVisualizationHook(draw=True, interval=3, out_dir='pictures')
    for index in range(LENGTH):
        hook.after_test_iter(runner(tmp_path), index, outputs=[sample_of(videos, 'dark', index)])
    assert [len(trail) for trail in visualizer.annotator._trails.values()] == [LENGTH]
    assert list(visualizer.annotator._trails) == [3]  # the other one is below the threshold


def test_validation_goes_to_the_backends(videos, tmp_path, request):
    init_default_scope('mmtrack')
    backend = dict(type='LocalVisBackend', save_dir=str(tmp_path / 'vis'))
    VISUALIZERS.build(
        dict(
            type='QualityTrackVisualizer',
            name=request.node.name,
            vis_backends=[backend],
            save_dir=str(tmp_path / 'vis'),
        )
    )
    hook = SequenceVisualizationHook(draw=True, interval=1)
    hook.after_val_iter(runner(tmp_path), 0, outputs=[sample_of(videos, 'light', 0, False)])
    (picture,) = (tmp_path / 'vis').rglob('*.png')
    assert picture.name == 'val_light_000001_0.png'


def test_hook_that_does_not_draw_reads_nothing(tmp_path):
    hook = SequenceVisualizationHook()
    sample = SimpleNamespace(frame_id=0, img_path='nowhere.jpg')
    hook.after_test_iter(runner(tmp_path), 0, outputs=[sample])
    hook.after_val_iter(runner(tmp_path), 0, outputs=[sample])
    assert not (tmp_path / 'log').exists()
    with pytest.raises(ValueError, match='interval is 0'):
        SequenceVisualizationHook(interval=0)


@pytest.mark.parametrize(
    ('path', 'expected'),
    [
        ('/data/MOT17-02/img1/000001.jpg', ('MOT17-02', '000001.jpg')),
        ('/data/walk/1.png', ('walk', '1.png')),
        ('/1.png', ('video', '1.png')),
    ],
)
def test_names_of_frames(path, expected):
    assert frame_name(SimpleNamespace(img_path=path)) == expected
