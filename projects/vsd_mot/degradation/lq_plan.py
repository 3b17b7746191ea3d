"""What a low-quality copy of a set consists of: its sequences, its frames, its manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path

from ..mot_layout import (
    IMAGE_FOLDER,
    IMAGE_SUFFIXES,
    find_sequences,
    image_folder,
    list_images,
    read_seqinfo,
)
from .fluctuation import Fluctuation
from .profile_camera import ProfileCamera, arriving
from .recipes import Part
from .seeding import stream
from .settings import DegradationSettings
from .video import DEGRADATION_VERSION, VideoDegradation

MANIFEST = 'manifest.json'
FRAME_MANIFEST = 'degradation.jsonl'


@dataclass(frozen=True)
class SequencePlan:
    """One sequence: its folders, its frame files in order, whether it is degraded."""

    name: str
    source: Path
    target: Path
    frames: tuple[str, ...]
    degraded: bool
    folder: str = IMAGE_FOLDER

    @property
    def source_images(self) -> Path:
        """Folder of the images that are degraded."""
        return self.source / self.folder

    @property
    def target_images(self) -> Path:
        """Folder of the copies."""
        return self.target / self.folder


@dataclass(frozen=True)
class LQPlan:
    """The whole job.

    Args:
        target: The new set's folder.
        sequences: Sorted by target folder.
        seed: Seed of the degradation and of the choice of sequences.
        quality: JPEG quality of frames whose degradation does not end with a JPEG.
        settings: The numbers.
        fluctuation: The movement.
        profile: Name of a profile that takes the place of the Real-ESRGAN degradation, or None.
        severity: Of the profile, 1 to 5.
    """

    target: Path
    sequences: tuple[SequencePlan, ...]
    seed: int = 0
    quality: int = 95
    settings: DegradationSettings = field(default_factory=DegradationSettings)
    fluctuation: Fluctuation = field(default_factory=Fluctuation)
    profile: str | None = None
    severity: int = 3

    @property
    def degraded(self) -> list[SequencePlan]:
        """The sequences that are degraded."""
        return [sequence for sequence in self.sequences if sequence.degraded]

    def camera(self, sequence: SequencePlan) -> VideoDegradation | ProfileCamera:
        """Return the degradation of one of the sequences."""
        if self.profile is not None:
            files = [sequence.source_images / name for name in sequence.frames]
            return ProfileCamera(self.profile, self.severity, seed=self.seed, files=files)
        return VideoDegradation(
            sequence.name, self.seed, settings=self.settings, fluctuation=self.fluctuation
        )

    def manifest(self) -> dict:
        """Return what defines the set's images, as JSON holds it."""
        profile = {} if self.profile is None else dict(profile=self.profile, severity=self.severity)
        return json.loads(
            json.dumps(
                dict(
                    **profile,
                    version=DEGRADATION_VERSION,
                    seed=self.seed,
                    quality=self.quality,
                    settings=asdict(self.settings),
                    fluctuation=asdict(self.fluctuation),
                    sequences=[
                        dict(
                            path=sequence.target.relative_to(self.target).as_posix(),
                            source=sequence.name,
                            frames=len(sequence.frames),
                            degraded=sequence.degraded,
                        )
                        for sequence in self.sequences
                    ],
                )
            )
        )

    def frame_lines(self, sequence: SequencePlan) -> str:
        """Return the JSON lines of one sequence: a line for the video, then one for each frame."""
        camera = self.camera(sequence)
        head = dict(
            video=sequence.name,
            version=DEGRADATION_VERSION,
            seed=self.seed,
            frames=len(sequence.frames),
        )
        lines = [head]
        for number, name in enumerate(sequence.frames):
            lines.append(dict(frame=number, file=name, params=camera.params(number).to_dict()))
        return ''.join(json.dumps(line) + '\n' for line in lines)


def parse_fraction(text: str) -> Fraction:
    """Read '2/3', '0.5' or 'all'.

    Raises:
        ValueError: If it is no number above 0 and up to 1.
    """
    try:
        fraction = Fraction(1) if text == 'all' else Fraction(text)
    except (ValueError, ZeroDivisionError):
        fraction = Fraction(0)
    if not 0 < fraction <= 1:
        raise ValueError(f"a fraction is 'all', '2/3' or '0.5': above 0 and up to 1, not {text!r}")
    return fraction


@dataclass(frozen=True)
class Shard:
    """The part of a job that one of several machines does.

    Attributes:
        index: Of the part, from 0.
        count: Number of parts.
    """

    index: int
    count: int


WHOLE_JOB = Shard(0, 1)


def parse_shard(text: str) -> Shard:
    """Read 'i/n', in which i counts from 1.

    Raises:
        ValueError: If it is not of that form with 1 <= i <= n.
    """
    parts = text.split('/')
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise ValueError(f"a shard is 'i/n', as 1/4, not {text!r}")
    index, count = map(int, parts)
    if not 1 <= index <= count:
        raise ValueError(f'a shard i/n needs 1 <= i <= n, not {text!r}')
    return Shard(index - 1, count)


def choose(names: Sequence[str], fraction: Fraction, seed: int) -> set[str]:
    """Return a random share of the names, rounded to the nearest count and at least one.

    The choice depends on the seed and the names, not on their order.
    """
    count = max(1, int(fraction * len(names) + Fraction(1, 2)))
    ranked = sorted(names, key=lambda name: (stream(seed, name, 'choice').random(), name))
    return set(ranked[:count])


def plan_part(
    source: Path, target: Path, part: Part, *, seed: int, rest: bool
) -> list[SequencePlan]:
    """Plan one part of a set.

    Args:
        source: SRC of the command.
        target: DST of the command.
        part: Which sequences of which folders.
        seed: For the choice.
        rest: Whether the sequences that are not degraded become part of the set.

    Returns:
        The sequences, sorted by target folder.

    Raises:
        FileNotFoundError: If a folder or every sequence is missing.
        ValueError: If two sequences would go to one folder, one has no frames, or the target
            overlaps a source.
    """
    sources: dict[Path, Path] = {}
    for name in part.sources:
        folder = source / name
        if not folder.is_dir():
            raise FileNotFoundError(
                f'{folder} does not exist; the set is expected to have its sequences there'
            )
        require_apart(folder, target)
        for path in find_sequences(folder):
            patterns = part.names
            if patterns and not any(fnmatch(path.name, pattern) for pattern in patterns):
                continue
            goal = target / part.target / path.relative_to(folder)
            goal = goal / path.name if path == folder else goal
            if goal in sources:
                raise ValueError(f'{path} and {sources[goal]} would both be written to {goal}')
            sources[goal] = path
    if not sources:
        folders = ', '.join(str(source / name) for name in part.sources)
        wanted = f' that match {part.names}' if part.names else ''
        raise FileNotFoundError(f'no sequences (folders with img1){wanted} in {folders}')
    chosen = choose([goal.name for goal in sources], part.fraction, seed)
    plans = []
    for goal, path in sorted(sources.items()):
        if goal.name not in chosen and not rest:
            continue
        images = image_folder(path)
        frames = tuple(image.name for image in list_images(images))
        if not frames:
            raise ValueError(f'{images} holds no images ({", ".join(IMAGE_SUFFIXES)})')
        plans.append(SequencePlan(goal.name, path, goal, frames, goal.name in chosen, images.name))
    return plans


def lose_frames(sequence: SequencePlan, profile: str, *, severity: int, seed: int) -> SequencePlan:
    """Leave out the frames of a degraded sequence that a profile does not let come.

    Args:
        sequence: Any sequence of the plan.
        profile: Name of the profile.
        severity: 1 to 5.
        seed: Of the set.
    """
    if not sequence.degraded:
        return sequence
    files = [sequence.source_images / name for name in sequence.frames]
    fps = float(read_seqinfo(sequence.source).get('framerate') or 30.0)
    comes = arriving(profile, severity, seed, files=files, fps=fps)
    kept = tuple(name for name, here in zip(sequence.frames, comes) if here)
    return replace(sequence, frames=kept)


def require_apart(source: Path, target: Path) -> None:
    """Refuse to write into a source, or around it, links followed.

    Raises:
        ValueError: If one folder is the other or lies in it.
    """
    real_source, real_target = source.resolve(), target.resolve()
    if (
        real_source == real_target
        or real_source in real_target.parents
        or real_target in real_source.parents
    ):
        raise ValueError(
            f'the low-quality copy would be written over its source: {target} (that is, '
            f'{real_target}) and {source} (that is, {real_source}) must be separate folders; '
            'choose another DST'
        )
