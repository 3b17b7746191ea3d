"""Find sequences and divide them into annotation files."""

from __future__ import annotations

import difflib
import fnmatch
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ... import mot_layout
from .report import ConversionReport

# MOT17 has every sequence three times, once per public detector.
_VARIANT = re.compile(r'^(?P<base>.+)-(?P<detector>DPM|FRCNN|SDP)$')


@dataclass(frozen=True)
class SourceSequence:
    """A sequence and where it was found.

    Attributes:
        source: The folder that was searched.
        folder: The sequence in it, or the same folder.
    """

    source: Path
    folder: Path


def find_sequences(
    sources: Sequence[Path], detector: str, report: ConversionReport
) -> list[SourceSequence]:
    """Find all sequences in some folders.

    Args:
        sources: Sequences, folders of sequences, or folders of those.
        detector: Which of MOT17's detector variants of a sequence to keep.
        report: Gets the variants that are left out.

    Returns:
        The sequences in the order of sources and names.

    Raises:
        FileNotFoundError: If a source does not exist or has no sequences.
        ValueError: If a sequence has several variants, none of which is that of the detector.
    """
    sequences: list[SourceSequence] = []
    for source in sources:
        if not source.is_dir():
            raise FileNotFoundError(f'{source} is not a folder')
        folders = mot_layout.find_sequences(source)
        if not folders:
            raise FileNotFoundError(
                f'{source} holds no sequences: a sequence is a folder with img1/ or seqinfo.ini'
            )
        sequences += [SourceSequence(source, folder) for folder in folders]
    return _keep_one_variant(sequences, detector, report)


def _keep_one_variant(
    sequences: list[SourceSequence], detector: str, report: ConversionReport
) -> list[SourceSequence]:
    variants: dict[Path, list[str]] = {}
    for sequence in sequences:
        match = _VARIANT.match(sequence.folder.name)
        if match:
            base = sequence.folder.parent / match['base']
            variants.setdefault(base, []).append(match['detector'])
    kept = []
    for sequence in sequences:
        match = _VARIANT.match(sequence.folder.name)
        if match:
            base = sequence.folder.parent / match['base']
            detectors = variants[base]
            if len(detectors) > 1 and detector not in detectors:
                raise ValueError(
                    f'{base} exists with the detectors {", ".join(detectors)}, not with '
                    f'{detector}: choose one with --detector'
                )
            if len(detectors) > 1 and match['detector'] != detector:
                kind = f'detector variant of a sequence that is taken from {detector}, left out'
                report.add(kind, sequence.folder.name)
                continue
        kept.append(sequence)
    return kept


def common_root(sources: Sequence[Path], sequences: Sequence[Path]) -> Path:
    """Return the folder that image paths are relative to: the source, or what several share."""
    folders = [source if source not in sequences else source.parent for source in sources]
    return Path(os.path.commonpath([os.path.abspath(folder) for folder in folders]))


def split_by_folder(sequences: list[SourceSequence]) -> dict[str, list[Path]]:
    """Return a split per folder between source and sequence, such as ``train/`` and ``val/``.

    Sequences right in a source belong to a split named like the source where that is a usual name
    (train, val, test), otherwise to 'all'.
    """
    splits: dict[str, list[Path]] = {}
    for sequence in sequences:
        source, folder = sequence.source, sequence.folder
        between = folder.parent.relative_to(source).as_posix() if folder != source else '.'
        if between == '.':
            parent = folder.parent.resolve().name
            between = parent if parent in ('train', 'val', 'test') else 'all'
        splits.setdefault(between.replace('/', '-'), []).append(folder)
    return splits


def split_by_names(
    sequences: list[SourceSequence],
    *,
    train: Sequence[str],
    val: Sequence[str],
    report: ConversionReport,
) -> dict[str, list[Path]]:
    """Split by names; where only one of the two lists is given, the rest is the other.

    Args:
        sequences: All sequences.
        train: Names or patterns (``MOT17-0*``) that train.
        val: Names or patterns that validate.
        report: Gets the sequences that are in neither list.

    Returns:
        'train' and 'val'.

    Raises:
        ValueError: If a name matches nothing, or a sequence is in both.
    """
    folders = [sequence.folder for sequence in sequences]
    chosen = {'train': _match(folders, train), 'val': _match(folders, val)}
    both = [folder.name for folder in chosen['train'] if folder in chosen['val']]
    if both:
        raise ValueError(f'{", ".join(both)} cannot both train and validate')
    for split, other, names in (('train', 'val', train), ('val', 'train', val)):
        if not names:
            chosen[split] = [folder for folder in folders if folder not in chosen[other]]
    for folder in folders:
        if folder not in chosen['train'] and folder not in chosen['val']:
            report.add(
                'sequence neither named for training nor for validation, left out', folder.name
            )
    return chosen


def split_by_lists(
    sequences: list[SourceSequence], lists: dict[str, Path], report: ConversionReport
) -> dict[str, list[Path]]:
    """Split by text files with one sequence name per line.

    Args:
        sequences: All sequences.
        lists: Split name -> text file; blank lines and ``#`` are skipped.
        report: Gets the sequences that are in no list.

    Returns:
        The sequences of each split.

    Raises:
        FileNotFoundError: If a list file does not exist.
        ValueError: If a name matches nothing or a list names nothing.
    """
    folders = [sequence.folder for sequence in sequences]
    splits = {}
    for split, path in lists.items():
        if not path.is_file():
            raise FileNotFoundError(f'there is no list file {path} for the split {split}')
        lines = [
            line.split('#')[0].strip() for line in path.read_text(encoding='utf-8-sig').splitlines()
        ]
        names = [line for line in lines if line and line != 'name']  # a seqmap's first line
        if not names:
            raise ValueError(f'{path} names no sequences')
        splits[split] = _match(folders, names)
    listed = {folder for part in splits.values() for folder in part}
    for folder in folders:
        if folder not in listed:
            report.add('sequence in none of the lists, left out', folder.name)
    return splits


def _match(folders: list[Path], names: Sequence[str]) -> list[Path]:
    """Sequences by exact name, name without detector, or pattern, in the order of ``folders``."""
    chosen = set()
    for name in names:
        hits = [
            f
            for f in folders
            if name in (f.name, _base(f.name)) or fnmatch.fnmatchcase(f.name, name)
        ]
        if not hits:
            near = difflib.get_close_matches(name, [f.name for f in folders], n=3, cutoff=0.4)
            hint = f'; similar: {", ".join(near)}' if near else ''
            raise ValueError(f'there is no sequence {name!r} among {len(folders)}{hint}')
        chosen.update(hits)
    return [folder for folder in folders if folder in chosen]


def _base(name: str) -> str:
    match = _VARIANT.match(name)
    return match['base'] if match else name
