import json
import os
import resource

import av
import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from pycocotools.coco import COCO

from bright_box_tracker import moving_boxes, true_boxes, write_frames
from vsd_mot.apis import FrameResult, TrackOutputs, open_source
from vsd_mot.apis.outputs import DiskReserve
from vsd_mot.errors import OutputError
from vsd_mot.fileio import open_new
from vsd_mot.video.writers import CocoJsonWriter, MotTextWriter, VideoWriter, records, video


def result_of(index, image=None, quality=True, fault=None, fps=10):
    boxes = {} if fault else true_boxes(index)
    return FrameResult(
        index=index,
        image=image,
        pred_track_instances=InstanceData(
            bboxes=torch.tensor(list(boxes.values()), dtype=torch.float32).reshape(-1, 4) + 0.25,
            scores=torch.full((len(boxes),), 0.75),
            labels=torch.zeros(len(boxes), dtype=torch.long),
            instances_id=torch.tensor(list(boxes), dtype=torch.long),
        ),
        semantics=dict(quality=index / 20, semantic_weight=1 - index / 20) if quality else {},
        time=index / fps,
        name=f'{index + 1:06d}.jpg',
        fault=fault,
    )


def results(count=12, **kwargs):
    return [result_of(index, image, **kwargs) for index, image in enumerate(moving_boxes(count))]


def read_video(path):
    """Frames by OpenCV, which did not write them."""
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (read := capture.read())[0]:
        frames.append(read[1])
    return frames, capture.get(cv2.CAP_PROP_FPS)


def test_mot_text(tmp_path):
    with MotTextWriter(tmp_path / 'a.txt') as writer:
        for result in results():
            writer.write(result, None)
        assert not (tmp_path / 'a.txt').exists()
    table = np.loadtxt(tmp_path / 'a.txt', delimiter=',')
    assert table.shape == (24, 10)
    assert table[:, 0].tolist() == [frame for frame in range(1, 13) for _ in range(2)]
    assert table[0].tolist() == [1, 15, 8.25, 16.25, 24, 24, 0.75, -1, -1, -1]
    assert os.listdir(tmp_path) == ['a.txt']


def test_coco_json_is_read_by_pycocotools(tmp_path):
    writer = CocoJsonWriter(
        tmp_path / 'a.json',
        video='walk',
        fps=10.0,
        categories=('box',),
        info=dict(source='walk.mp4'),
    )
    for result in results():
        writer.write(result, None)
    writer.write(result_of(12, None, quality=False, fault='frame 13: broken'), None)
    writer.complete = True
    writer.close()
    coco = COCO(tmp_path / 'a.json')
    assert len(coco.imgs) == 13
    assert len(coco.anns) == 24
    assert coco.cats[1]['name'] == 'box'
    (first, second) = coco.loadAnns(coco.getAnnIds(imgIds=3))
    assert first['bbox'] == [12.25, 16.25, 24.0, 24.0]
    assert (first['track_id'], second['instance_id'], first['score']) == (15, 25, 0.75)
    assert first['area'] == pytest.approx(576)
    image = coco.imgs[3]
    assert (image['frame_id'], image['quality'], image['semantic_weight']) == (2, 0.1, 0.9)
    assert coco.imgs[13]['fault'] == 'frame 13: broken'
    assert coco.imgs[13]['quality'] is None
    data = json.loads((tmp_path / 'a.json').read_text())
    assert data['videos'] == [dict(id=1, name='walk', width=128, height=96, fps=10.0)]
    assert data['info']['complete'] is True
    assert (data['info']['frames'], data['info']['source']) == (13, 'walk.mp4')


def test_json_without_any_track_or_frame(tmp_path):
    CocoJsonWriter(tmp_path / 'a.json', video='walk', fps=10.0).close()
    data = json.loads((tmp_path / 'a.json').read_text())
    assert data['annotations'] == data['images'] == []
    assert data['info']['complete'] is False


@pytest.mark.parametrize('size', [(96, 128), (97, 129), (2, 2)])
def test_video_is_h264_that_browsers_play(tmp_path, size):
    picture = np.full((*size, 3), 90, np.uint8)
    with VideoWriter(tmp_path / 'a.mp4', 12.5) as writer:
        for result in results(7, fps=12.5):
            writer.write(result, picture)
    frames, fps = read_video(tmp_path / 'a.mp4')
    assert fps == pytest.approx(12.5)
    assert len(frames) == 7
    assert frames[0].shape == (size[0] + size[0] % 2, size[1] + size[1] % 2, 3)
    assert abs(int(frames[3].mean()) - 90) < 4
    with av.open(str(tmp_path / 'a.mp4')) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ('h264', 'yuv420p')
        assert container.duration / av.time_base == pytest.approx(7 / 12.5, abs=0.01)
    content = (tmp_path / 'a.mp4').read_bytes()
    assert content.index(b'moov') < content.index(b'mdat')  # plays before it is loaded


def test_video_of_a_camera_keeps_the_time(tmp_path):
    with VideoWriter(tmp_path / 'a.mp4', 30.0) as writer:
        for result, seconds in zip(results(4), (0.0, 0.5, 0.5, 2.0)):
            result.time = seconds
            writer.write(result, result.image)
    with av.open(str(tmp_path / 'a.mp4')) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([0.0, 0.5, 0.5, 2.0], abs=0.001)
    assert times[2] > times[1]


def test_video_without_an_h264_encoder(tmp_path):
    with VideoWriter(tmp_path / 'a.mp4', 10.0, encoder='mpeg4') as writer:
        for result in results(5):
            writer.write(result, result.image)
    frames, _ = read_video(tmp_path / 'a.mp4')
    assert len(frames) == 5
    assert np.abs(frames[4].astype(int) - moving_boxes(5)[4]).mean() < 6


def test_all_outputs_of_a_video(tmp_path):
    source = open_source(moving_boxes())
    with TrackOutputs(tmp_path / 'out', source, ('box',), pictures_every=5) as outputs:
        for result in results():
            outputs.write(result)
    files = {kind: path.name for kind, path in outputs.files.items()}
    assert files == dict(
        text='video.txt',
        json='video.json',
        video='video_tracked.mp4',
        pictures='video_pictures',
        curve='video_quality.png',
    )
    assert sorted(os.listdir(tmp_path / 'out')) == sorted(files.values())
    assert len(read_video(outputs.files['video'])[0]) == 12
    assert sorted(os.listdir(outputs.files['pictures'])) == [
        '000001.jpg',
        '000006.jpg',
        '000011.jpg',
    ]
    assert cv2.imread(str(outputs.files['curve'])).shape[1] > 600
    assert json.loads(outputs.files['json'].read_text())['info']['complete'] is True
    assert outputs.close() == outputs.files  # closing again does nothing


def test_outputs_without_video_and_quality(tmp_path):
    with TrackOutputs(tmp_path, open_source(moving_boxes()), video=False) as outputs:
        for result in results(quality=False):
            outputs.write(result)
    assert set(outputs.files) == {'text', 'json'}
    assert outputs.picture is None


def test_unreadable_frames_do_not_shift_the_video(tmp_path):
    frames = results(6)
    frames[0] = result_of(0, None, fault='frame 1: broken')
    frames[3] = result_of(3, None, fault='frame 4: broken')
    with TrackOutputs(tmp_path, open_source(moving_boxes(6))) as outputs:
        for result in frames:
            outputs.write(result)
    with av.open(str(outputs.files['video'])) as container:
        shown = list(container.decode(video=0))
    assert [frame.time for frame in shown] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    brightness = [frame.to_ndarray(format='gray').mean() for frame in shown]
    # Frame 1 is black, frame 4 shows frame 3, darkened.
    assert brightness[0] < brightness[3] < 0.6 * brightness[2]
    assert brightness[1] == pytest.approx(brightness[2], rel=0.1)


def test_an_error_leaves_valid_files_with_what_was_done(tmp_path):
    def fail():
        with TrackOutputs(tmp_path, open_source(moving_boxes())) as outputs:
            for result in results()[:7]:
                outputs.write(result)
            raise KeyError('a fault in the loop')

    with pytest.raises(KeyError):
        fail()
    assert len(read_video(tmp_path / 'video_tracked.mp4')[0]) == 7
    assert len((tmp_path / 'video.txt').read_text().splitlines()) == 14
    info = json.loads((tmp_path / 'video.json').read_text())['info']
    assert (info['frames'], info['complete']) == (7, False)
    assert not [name for name in os.listdir(tmp_path) if 'partial' in name or 'reserve' in name]


@pytest.mark.parametrize('full', ['video.txt', 'video.json', 'video_tracked.mp4'])
def test_full_disk_is_named_and_the_other_files_are_kept(tmp_path, full, monkeypatch):
    def open_on_full_disk(path):
        start, end = full.split('.')
        is_full = path.name.startswith(f'{start}.') and path.name.endswith(f'.{end}.partial')
        return open('/dev/full', 'wb', buffering=0) if is_full else open_new(path)

    for module in (records, video):
        monkeypatch.setattr(module, 'open_new', open_on_full_disk)

    def run():
        with TrackOutputs(tmp_path, open_source(moving_boxes())) as outputs:
            for result in results():
                outputs.write(result)

    with pytest.raises(OutputError, match=rf'{full} could not be written: the disk is full'):
        run()
    left = {path.name for path in tmp_path.iterdir() if not path.is_symlink()}
    assert full not in left
    if full != 'video.json':  # its beginning is written before all else
        assert json.loads((tmp_path / 'video.json').read_text())['info']['complete'] is False
    if full == 'video_tracked.mp4':
        assert np.loadtxt(tmp_path / 'video.txt', delimiter=',').shape[1] == 10


def test_text_that_hits_a_limit_ends_with_a_whole_line(tmp_path):
    """A real limit of the system, and a write that it cuts short."""
    path = tmp_path / 'a.txt'
    writer = MotTextWriter(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        for result in results(9):
            writer.write(result, None)
        with pytest.raises(OutputError, match=r'a\.txt could not be written: the file would be'):
            list(map(writer.write, results(40)[9:], [None] * 31))
        writer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    table = np.loadtxt(path, delimiter=',')
    assert table.shape[1] == 10
    assert table.shape[0] % 2 == 0
    assert 900 < path.stat().st_size <= 1000


def test_source_is_never_overwritten(tmp_path):
    folder = write_frames(tmp_path / 'walk', moving_boxes(2))
    source = open_source(folder)
    source.path = tmp_path / 'walk_tracked.mp4'
    source.path.write_bytes(b'precious')
    with pytest.raises(OutputError, match=r'walk_tracked\.mp4 is the source itself'):
        TrackOutputs(tmp_path, source)
    assert source.path.read_bytes() == b'precious'
    assert sorted(os.listdir(tmp_path)) == ['walk', 'walk_tracked.mp4']


def test_folder_that_cannot_be(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(OutputError, match=r'file.* could not be written'):
        TrackOutputs(tmp_path / 'file', open_source(moving_boxes()))


def test_reserve_takes_space_and_gives_it_back(tmp_path):
    reserve = DiskReserve(tmp_path / 'r', size=1 << 20)
    assert (tmp_path / 'r').stat().st_blocks * 512 >= 1 << 20
    reserve.release()
    reserve.release()
    assert os.listdir(tmp_path) == []
