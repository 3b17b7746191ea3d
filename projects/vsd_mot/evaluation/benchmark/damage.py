"""What it gains that damaged frames are named: tracked with and without, on damaged copies."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...mot_text import read_mot_rows
from ...video.damage import DamageWatch, fitted, placed
from ...video.reader import open_source
from ...video.results import FrameResult
from ...video.sources import Frame, FrameSource
from ...video.writers.mot_text import mot_lines
from ..mot_files import MotScores, evaluate_mot_files
from ..video_diagnosis.known_faults import ReadFrames

EVERY, LASTS = 3.0, 0.6  # seconds from one burst of damage to the next, and of a burst
Frames = list[Frame]
Track = Callable[[FrameSource, DamageWatch], Iterable[FrameResult]]


def _image(frame: Frame) -> np.ndarray:
    assert frame.image is not None
    return frame.image


def blank(frames: Frames, position: int) -> Frame:
    """Make the picture black."""
    return replace(frames[position], image=np.zeros_like(_image(frames[position])))


def frozen(frames: Frames, position: int) -> Frame:
    """Show the last picture before the burst."""
    while position and is_damaged(frames[position].time):
        position -= 1
    return replace(frames[position], image=_image(frames[position]).copy())


def smeared(frames: Frames, position: int) -> Frame:
    """Drag the rows of the middle down, as decoders do, which mark the frame."""
    picture = _image(frames[position]).copy()
    middle = len(picture) // 2
    picture[middle:] = picture[middle]
    return replace(frames[position], image=picture, fault='the decoder marked it')


DAMAGES: dict[str, Callable[[Frames, int], Frame]] = {
    'blank': blank,
    'frozen': frozen,
    'corrupt': smeared,
}


def is_damaged(time: float) -> bool:
    """Whether a frame lies in a burst; the first seconds are whole."""
    return time >= EVERY and time % EVERY < LASTS


def damaged(frames: Frames, damage: str) -> Frames:
    """Copy a video and damage it in bursts.

    Args:
        frames: Of the video, with times in seconds.
        damage: One of `DAMAGES`.
    """
    spoil = DAMAGES[damage]
    copy = []
    for position, frame in enumerate(frames):
        spoiled = spoil(frames, position) if is_damaged(frame.time) else frame
        copy.append(replace(spoiled, index=frame.index, time=frame.time, number=frame.number))
    return copy


class NoWatch(DamageWatch):
    """Takes every frame for a whole one of the same scene."""

    def look(self, frame: Frame) -> Frame:
        """Leave the frame as it is, and what its decoder said of it out."""
        return replace(frame, fault=None)


@dataclass(frozen=True)
class DamageGain:
    """Scores on the damaged copies of some videos.

    Attributes:
        damage: One of `DAMAGES`, or ``cut``, or ``none``.
        ignored: Scores when every frame is taken for a whole one.
        named: Scores when damage is named and answered.
    """

    damage: str
    ignored: MotScores
    named: MotScores


def measure_damage(
    track: Track, folders: Sequence[Path], damages: Sequence[str], *, max_frames: int
) -> Iterator[DamageGain]:
    """Track damaged copies of sequences with and without a :class:`DamageWatch`.

    Args:
        track: Tracks a video anew, naming damage by a watch; makes its own detections.
        folders: Sequences of MOTChallenge, whose rows that count are scored by plain rules.
        damages: Of `DAMAGES`; ``none`` for the sequences as they are; ``cut`` for one video of all
            of them, one after the other.
        max_frames: Frames that are taken of each sequence.

    Yields:
        The scores of each damage.
    """
    videos = [Video.read(folder, max_frames) for folder in folders]
    joined = [Video.joined(videos)]
    for damage in damages:
        copies = joined if damage == 'cut' else videos
        if damage in DAMAGES:
            copies = [replace(one, frames=damaged(one.frames, damage)) for one in copies]
        ignored, named = (score(track, copies, watch) for watch in (NoWatch(), DamageWatch()))
        yield DamageGain(damage, ignored, named)


@dataclass(frozen=True)
class Video:
    """A sequence in memory.

    Attributes:
        name: Of the sequence.
        fps: Frames per second.
        frames: With their times.
        rows: (N, 6) ground truth: frame, identity, left, top, width, height in pixels.
    """

    name: str
    fps: float
    frames: Frames
    rows: np.ndarray

    @classmethod
    def read(cls, folder: Path, max_frames: int) -> Video:
        """Read the first frames of a sequence, and its rows that count."""
        source = open_source(folder)
        frames = [frame for frame, _ in zip(source, range(max_frames))]
        source.close()
        rows = read_mot_rows(folder / 'gt' / 'gt.txt')
        counts = (rows.column(7, 1) != 0) & (rows.frames <= frames[-1].number)
        if rows.has_classes():
            counts &= rows.column(8, 1) == 1
        table = np.column_stack([rows.frames, rows.compact_ids(), rows.boxes])
        return cls(source.name, source.fps, frames, table[counts])

    @classmethod
    def joined(cls, videos: Sequence[Video]) -> Video:
        """Show videos one after the other, at the size of the first.

        There is a cut between each two, and nobody comes again after it.
        """
        frames: Frames = []
        tables = []
        first, step = _image(videos[0].frames[0]), 1 / videos[0].fps
        size = first.shape[0], first.shape[1]
        for place, video in enumerate(videos):
            start = len(frames)
            table = video.rows.copy()
            table[:, 0] += start
            table[:, 1] += 100_000 * place
            picture = _image(video.frames[0])
            left, top, width, _ = placed(picture, size)
            table[:, 2:] = width / picture.shape[1] * table[:, 2:] + np.array([left, top, 0, 0])
            tables.append(table)
            frames += [
                Frame(index, fitted(_image(frame), size), time=index * step)
                for index, frame in enumerate(video.frames, start=start)
            ]
        return cls('joined', videos[0].fps, frames, np.concatenate(tables))


def score(track: Track, videos: Sequence[Video], watch: DamageWatch) -> MotScores:
    """Track videos and score them, every row of `rows` counting."""
    with tempfile.TemporaryDirectory() as folder:
        truth, results = Path(folder, 'truth'), Path(folder, 'results')
        results.mkdir()
        for video in videos:
            (truth / video.name / 'gt').mkdir(parents=True)
            lines = [','.join(f'{value:.9g}' for value in row) for row in video.rows]
            text = ''.join(f'{line},1,-1,-1,-1\n' for line in lines)
            (truth / video.name / 'gt' / 'gt.txt').write_text(text)
            info = f'[Sequence]\nseqLength={video.frames[-1].number}\n'
            (truth / video.name / 'seqinfo.ini').write_text(info)
            source = ReadFrames(video.frames, video.fps, video.name)
            tracked = ''.join(map(mot_lines, track(source, watch)))
            (results / f'{video.name}.txt').write_text(tracked)
        return evaluate_mot_files(truth, results)
