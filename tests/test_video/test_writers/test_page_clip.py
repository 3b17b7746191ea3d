"""The video of a page."""

from fractions import Fraction

import av
import numpy as np
import pytest

from page_samples import FRAMES, SIZE, grey_clip, grey_of, grey_source
from vsd_mot.errors import SourceError
from vsd_mot.video.writers.page_clip import PageClipWriter, page_size


def frames_of(clip, tmp_path):
    (tmp_path / 'clip.mp4').write_bytes(clip.video)
    with av.open(str(tmp_path / 'clip.mp4')) as container:
        return [(one.time, one.to_ndarray(format='gray')) for one in container.decode(video=0)]


def test_every_frame_at_its_time(tmp_path) -> None:
    clip = grey_clip({3: 'frozen'})
    frames = frames_of(clip, tmp_path)
    assert [time for time, _ in frames] == pytest.approx(clip.times, abs=1e-4)
    greys = [picture.mean() for _, picture in frames]
    assert greys == pytest.approx([grey_of(frame) for frame in range(FRAMES)], abs=4)
    assert (clip.height, clip.width) == SIZE
    assert clip.damage[3] == 'frozen'
    assert clip.numbers.tolist() == list(range(1, FRAMES + 1))


def test_frames_without_a_picture(tmp_path) -> None:
    writer = PageClipWriter(grey_source())
    for index in range(4):
        image = np.full((*SIZE, 3), 200, np.uint8) if index == 1 else None
        writer.add(image, time=index / 10, number=index + 1, damage=None)
    frames = frames_of(writer.finish(), tmp_path)
    assert len(frames) == 4
    middle = [np.median(picture) for _, picture in frames]
    assert middle[1] > 150
    assert max(middle[0], middle[2], middle[3]) < 100


def test_no_picture_at_all() -> None:
    writer = PageClipWriter(grey_source())
    writer.add(None, time=0, number=1, damage=None)
    with pytest.raises(SourceError, match='not one frame'):
        writer.finish()
    assert not writer._path.parent.exists()


def test_size_of_the_pictures() -> None:
    plenty = 1e9
    assert page_size((97, 161), Fraction(1), plenty) == (160, 96)
    assert page_size((1080, 1920), Fraction(1), plenty) == (1280, 720)
    assert page_size((576, 720), Fraction(16, 15), plenty) == (768, 576)
    width, height = page_size((1080, 1920), Fraction(1), 4000)
    assert width * height == pytest.approx(100_000, rel=0.02)
    assert page_size((1080, 1920), Fraction(1), 1) == (160, 90)


def test_a_limit_holds() -> None:
    rng = np.random.default_rng(0)
    sizes = []
    for megabytes in (40, 0.06):
        source = grey_source(40)
        writer = PageClipWriter(source, megabytes)
        for index in range(40):
            image = rng.integers(0, 256, (288, 512, 3), np.uint8)
            writer.add(image, time=index / 10, number=index + 1, damage=None)
        sizes.append(len(writer.finish().video))
    assert sizes[0] > 0.5e6
    assert sizes[1] < 0.06e6
