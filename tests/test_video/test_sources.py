"""Folders, arrays and cameras as sources of frames."""

import cv2
import numpy as np
import pytest

from bright_box_tracker import write_frames
from vsd_mot.apis import open_source
from vsd_mot.errors import SourceError
from vsd_mot.video import sources
from vsd_mot.video.sources import ArraySource, CameraSource, FolderSource


def test_folder_is_read_in_natural_order(tmp_path, frames):
    folder = write_frames(tmp_path / 'walk', frames)
    (folder / 'notes.txt').write_text('not an image')
    (folder / '.hidden.png').write_bytes(b'not an image')
    source = open_source(folder)
    read = list(source)
    assert isinstance(source, FolderSource)
    assert (source.name, source.length, source.live) == ('walk', 12, False)
    assert [frame.name for frame in read] == [f'frame{number}.png' for number in range(1, 13)]
    assert all(np.array_equal(frame.image, truth) for frame, truth in zip(read, frames))
    assert [frame.index for frame in read] == list(range(12))


@pytest.mark.parametrize('suffix', ['.jpg', '.JPEG', '.bmp', '.png', '.tif', '.webp'])
def test_image_formats(tmp_path, frames, suffix):
    source = open_source(write_frames(tmp_path / 'walk', frames[:2], suffix))
    errors = [np.abs(one.image.astype(int) - truth).mean() for one, truth in zip(source, frames)]
    assert len(errors) == 2
    assert max(errors) < 4


def test_sequence_folder_gives_its_frame_rate_and_name(tmp_path, frames):
    write_frames(tmp_path / 'MOT-01' / 'img1', frames)
    (tmp_path / 'MOT-01' / 'seqinfo.ini').write_text('[Sequence]\nframeRate=14\n')
    for path in (tmp_path / 'MOT-01', tmp_path / 'MOT-01' / 'img1'):
        source = open_source(path)
        assert (source.name, source.fps, source.length) == ('MOT-01', 14, 12)
    assert list(source)[7].time == pytest.approx(0.5)


@pytest.mark.parametrize(
    ('names', 'numbers'),
    [
        (['000001.png', '000003.png', '000007.png'], [1, 3, 7]),
        (['frame9.png', 'frame10.png'], [9, 10]),
        (['b1.png', 'c3.png', 'a5.png'], [1, 3, 5]),
        (['000000.png', '000001.png'], [1, 2]),
        (['a.png', 'b.png', 'c3.png'], [1, 2, 3]),
        (['a5.png', 'b5.png'], [1, 2]),
    ],
)
def test_frame_numbers_of_a_folder(tmp_path, frames, names, numbers):
    for name in names:
        cv2.imwrite(str(tmp_path / name), frames[0])
    read = list(open_source(tmp_path))
    assert [frame.name for frame in read] == names
    assert [frame.number for frame in read] == numbers
    assert [frame.index for frame in read] == list(range(len(names)))


def test_frames_without_files_count_from_one(video, frames):
    for source in (video, frames):
        assert [frame.number for frame in open_source(source)] == list(range(1, 13))


def test_seqinfo_of_a_folder(tmp_path, frames):
    write_frames(tmp_path / 'S' / 'img1', frames[:1])
    path = tmp_path / 'S' / 'seqinfo.ini'
    path.write_text('[Sequence]\nframeRate=14\n', encoding='utf-8-sig')
    assert open_source(tmp_path / 'S').fps == 14
    path.write_text('[Sequence]\nframeRate=fast\n')
    assert open_source(tmp_path / 'S').fps == 30
    path.write_text('frameRate=14\n')
    with pytest.raises(SourceError, match=r'seqinfo\.ini is not an ini file'):
        open_source(tmp_path / 'S')


def test_empty_folder_says_what_was_expected(tmp_path):
    with pytest.raises(SourceError, match=r'no images in the folder .*\.jpg'):
        open_source(tmp_path)


@pytest.mark.parametrize('damage', ['truncated', 'empty', 'text', 'png'])
def test_unreadable_image_is_reported_in_its_place(tmp_path, damage):
    # Noise, so that the files are long enough to be cut.
    frames = np.random.default_rng(0).integers(0, 255, (3, 96, 128, 3), np.uint8)
    suffix = '.png' if damage == 'png' else '.jpg'
    folder = write_frames(tmp_path / 'walk', list(frames), suffix)
    file = folder / f'frame2{suffix}'
    content = file.read_bytes()
    cut = content[: len(content) // 2]
    file.write_bytes({'empty': b'', 'text': b'no image at all'}.get(damage, cut))
    first, second, third = open_source(folder)
    assert first.fault is None
    assert third.index == 2
    assert third.image is not None
    assert second.image is None
    assert f'frame2{suffix}' in second.fault


@pytest.mark.parametrize('camera', [77, '77'])
def test_camera_that_is_not_there(camera):
    with pytest.raises(SourceError, match='camera 77 cannot be opened'):
        open_source(camera)
    assert CameraSource.live


def test_arrays_and_their_mistakes(frames):
    assert [frame.index for frame in open_source(iter(frames))] == list(range(12))
    assert isinstance(open_source(frames), ArraySource)
    for wrong, message in (
        (frames[0].astype(np.float32), r'frame 1 is float32 .*expected a uint8 array'),
        (frames[0][..., 0], r'frame 1 is uint8 \(96, 128\)'),
        ('a.png', 'frame 1 is str'),
    ):
        with pytest.raises(SourceError, match=message):
            list(open_source([frames[0], wrong]))


def test_frames_that_a_folder_leaves_out_take_their_time(tmp_path, frames):
    for name in ('000003.png', '000004.png', '000009.png'):
        cv2.imwrite(str(tmp_path / name), frames[0])
    source = open_source(tmp_path, fps=10)
    assert [frame.time for frame in source] == pytest.approx([0, 0.1, 0.6])
    assert source.fps == 10


def test_frames_of_a_reused_buffer_are_copied():
    buffer = np.zeros((4, 6, 3), np.uint8)

    def reuse():
        for level in range(3):
            buffer[:] = level
            yield buffer

    assert [frame.image.max() for frame in list(sources.ArraySource(reuse()))] == [0, 1, 2]


def test_what_a_folder_holds_beside_its_images_is_said(tmp_path, frames):
    write_frames(tmp_path / 'img1', frames)
    assert FolderSource(tmp_path).note is None
    (tmp_path / 'img1' / 'clip.MP4').write_bytes(b'')
    assert 'clip.MP4, are not read: give them by name' in FolderSource(tmp_path).note


def test_a_seqinfo_that_does_not_fit_its_images_is_said(tmp_path, frames):
    write_frames(tmp_path / 'img1', frames)
    height, width = frames[0].shape[:2]
    noted = f'imWidth={width}\nimHeight={height}\nseqLength={len(frames)}\n'
    (tmp_path / 'seqinfo.ini').write_text(f'[Sequence]\n{noted}')
    assert FolderSource(tmp_path).note is None
    (tmp_path / 'seqinfo.ini').write_text('[Sequence]\nimWidth=1\nimHeight=2\nseqLength=999\n')
    note = FolderSource(tmp_path / 'img1').note
    assert f'notes seqLength=999, and there are {len(frames)} images' in note
    assert 'notes images of 1 x 2, and ' in note
    assert f'has {width} x {height}' in note


def test_names_with_equal_numbers_are_said(tmp_path, frames):
    for name in ('1.png', '01.png', '2.png'):
        cv2.imwrite(str(tmp_path / name), frames[0])
    source = FolderSource(tmp_path)
    assert source.numbers is None
    assert 'several names end in the same number' in source.note


def test_an_empty_name_is_no_folder():
    with pytest.raises(SourceError, match='the name of the video is empty'):
        open_source('')
