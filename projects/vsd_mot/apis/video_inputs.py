"""Which videos are meant by folders, lists and globs, and what the results of each are called."""

from __future__ import annotations

import glob
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import SourceError
from ..mot_layout import image_folder, is_sequence, list_images, natural_key, sequence_around
from ..video.sources import VIDEO_SUFFIXES
from ..video.video_source import is_stream_address

LIST_SUFFIX = '.txt'
MAX_DEPTH = 4  # folders in folders that are searched


@dataclass(frozen=True)
class VideoInput:
    """One video of several.

    Attributes:
        name: Of its results; no other video of the job has it, on no file system.
        source: What :func:`open_source` takes.
        fault: Why there is no such video, None where there seems to be one.
    """

    name: str
    source: str
    fault: str | None = None

    def state(self) -> str | None:
        """Return what changes when the video does: sizes and times of its files.

        None where that cannot be known (addresses, and what is not there).
        """
        return state_of(Path(self.source))


def is_many(text: str) -> bool:
    """Whether an input may stand for several videos: a list, a glob, a folder of videos."""
    path = Path(text)
    if is_stream_address(text) or not text.strip():
        return False
    if path.is_dir():
        return not _is_video(path)
    return path.suffix.lower() == LIST_SUFFIX or (not path.exists() and glob.has_magic(text))


def find_videos(
    inputs: Iterable[str | Path], *, leave_out: str | Path | None = None
) -> list[VideoInput]:
    """Find the videos that are meant.

    Args:
        inputs: Each is a video file, a folder of images, a MOTChallenge sequence folder, an address
            (of a file, not of a live stream), a folder of any of these (four levels deep, hidden
            ones left out), a glob (``'clips/**/*.mp4'``), or a ``.txt`` file with one input a line,
            relative to its own folder; lines that begin with ``#`` are comments.
        leave_out: A folder in which nothing is looked for, where results are written.

    Returns:
        The videos, each once, in the order of the inputs, in folders in natural order. What is not
        there is among them, with its `fault`.

    Raises:
        SourceError: There is not one, or a list cannot be read.
    """
    hidden = None if leave_out is None else Path(leave_out).resolve()
    faults: dict[str, str | None] = {}
    known: set[str] = set()
    for text in map(str, inputs):
        for source, fault in _expand(text, hidden):
            place = source if is_stream_address(source) else str(Path(source).resolve())
            if place not in known:
                known.add(place)
                faults[source] = fault
    if not faults:
        raise SourceError('there is no video: give files, folders, lists (.txt) or globs')
    if len(faults) == sum(fault is not None for fault in faults.values()):
        raise SourceError('; '.join(dict.fromkeys(str(fault) for fault in faults.values())))
    names = unique_names(list(faults))
    return [VideoInput(name, *item) for name, item in zip(names, faults.items())]


def unique_names(sources: list[str]) -> list[str]:
    """Name videos shortly, and no two alike, upper and lower case being one.

    A name is the file's without its suffix; where several share that, with the suffix; where that
    does not help, with the folder before it; or else with a digest of its path.
    """
    choices = [_choices(source) for source in sources]
    level = [0] * len(sources)
    while True:
        names = [choice[one] for choice, one in zip(choices, level)]
        counts = Counter(name.casefold() for name in names)
        shared = [number for number, name in enumerate(names) if counts[name.casefold()] > 1]
        if not shared:
            return names
        longest = max(map(len, choices)) - 1
        if all(level[number] == longest for number in shared):
            return names  # one digest for two paths; whoever writes second is refused
        for number in shared:
            level[number] = min(level[number] + 1, longest)


def _choices(source: str) -> list[str]:
    if is_stream_address(source):
        path, digested = Path(source.split('?')[0]), source
    else:
        path = Path(source).resolve()
        path = sequence_around(path) if path.is_dir() else path
        digested = str(path)
    short = path.name if path.is_dir() else path.stem
    digest = hashlib.sha256(digested.encode(errors='surrogateescape')).hexdigest()[:10]
    return [short, path.name, f'{path.parent.name}_{path.name}', f'{path.name}_{digest}']


def state_of(path: Path) -> str | None:
    """Return a digest of names, sizes and times of a file or of a folder's images, None without."""
    digest = hashlib.sha256()
    try:
        files = [path]
        if path.is_dir():
            images = list_images(path) or list_images(image_folder(path))
            files = [*path.glob('seqinfo.ini'), *images]
        for file in files:
            status = file.stat()
            digest.update(f'{file.name} {status.st_size} {status.st_mtime_ns}\n'.encode())
    except (OSError, ValueError):  # gone, or a damaged seqinfo.ini
        return None
    return digest.hexdigest()[:16] if files else None


def _is_video(folder: Path) -> bool:
    return is_sequence(folder) or bool(list_images(folder))


def _expand(text: str, hidden: Path | None) -> Iterator[tuple[str, str | None]]:
    """Yield the sources that an input stands for, each with its fault."""
    path = Path(text)
    if not text.strip():
        yield text, 'the name of a video is empty'
        return
    if is_many(text) and path.suffix.lower() == LIST_SUFFIX and not path.is_dir():
        for line in _lines(path):
            where = line if is_stream_address(line) else str(path.parent / line)
            if Path(where).suffix.lower() == LIST_SUFFIX:
                yield where, f'{path} names {line}, another list: put its lines in here'
            else:
                yield from _expand(where, hidden)
        return
    if is_stream_address(text) or (path.exists() and not path.is_dir()):
        yield text, None
        return
    root = path if path.is_dir() else _fixed_part(path)
    if hidden is not None and root.resolve() == hidden:
        yield text, f'the results would lie among the videos of {text}: choose another folder'
        return
    videos = list(_below(path, hidden) if path.is_dir() else _matching(text, hidden))
    if videos:
        yield from ((str(one), None) for one in videos)
    elif path.is_dir():
        yield text, f'there is no video in the folder {text}, nor in those below it'
    else:
        yield text, f'no video fits {text}' if is_many(text) else f'{text} does not exist'


def _fixed_part(path: Path) -> Path:
    """Return the folder in which a glob begins to search."""
    parts = list(itertools.takewhile(lambda part: not glob.has_magic(part), path.parts[:-1]))
    return Path(*parts)


def _matching(pattern: str, hidden: Path | None) -> Iterator[Path]:
    """Yield the videos that a glob means; files of any suffix where it names that suffix."""
    suffix = Path(pattern).suffix
    any_suffix = suffix != '' and not glob.has_magic(suffix)
    apart = hidden is not None and hidden.is_relative_to(_fixed_part(Path(pattern)).resolve())
    for name in sorted(glob.glob(pattern, recursive=True), key=natural_key):
        path = Path(name)
        if apart and hidden is not None and path.resolve().is_relative_to(hidden):
            continue
        if path.is_dir():
            yield from _below(path, hidden)
        elif any_suffix or path.suffix.lower() in VIDEO_SUFFIXES:
            yield path


def _below(folder: Path, hidden: Path | None, depth: int = MAX_DEPTH) -> Iterator[Path]:
    """Yield the videos of a folder, which may be one itself."""
    if _is_video(folder):
        yield folder
        return
    for path in sorted(folder.iterdir(), key=lambda path: natural_key(path.name)):
        if path.name.startswith('.') or (hidden is not None and path.resolve() == hidden):
            continue
        if path.is_dir():
            if depth > 0:
                yield from _below(path, hidden, depth - 1)
        elif path.suffix.lower() in VIDEO_SUFFIXES:
            yield path


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding='utf-8-sig').splitlines()
    except FileNotFoundError as error:
        raise SourceError(f'the list {path} does not exist') from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f'the list {path} cannot be read as UTF-8 text: {error}') from error
    return [entry for line in lines if (entry := line.strip()) and not entry.startswith('#')]
