"""From folders of MOTChallenge sequences to annotation files."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ...fileio import write_atomically
from .cocovid import cut_half, to_cocovid
from .gt_rows import GtRules
from .mot_sequence import MotSequence, read_sequence
from .report import ConversionReport, ConvertedSet
from .splits import common_root, find_sequences, split_by_folder, split_by_lists, split_by_names


def convert_mot(
    sources: Sequence[str | Path],
    *,
    output: str | Path | None = None,
    root: str | Path | None = None,
    train_sequences: Sequence[str] = (),
    val_sequences: Sequence[str] = (),
    half: bool = False,
    lists: dict[str, str | Path] | None = None,
    detector: str = 'FRCNN',
    person_classes: str = 'pedestrian',
    gt_format: str = 'auto',
    progress: bool = True,
) -> ConvertedSet:
    """Convert MOTChallenge-like sequences to CocoVID annotation files, one per split.

    The split is by folder (``train/``, ``val/``, ...) unless names, halves or lists are given.
    Sequences without ground truth go to the split 'test', whatever the split says.

    Args:
        sources: Sequences, folders of them, or folders of those.
        output: Folder of the annotation files. Defaults to ``<root>/annotations``.
        root: The folder that image paths are relative to, ``data_root`` of
            the configs. Defaults to the source, or what several sources have in common.
        train_sequences: Names that train.
        val_sequences: Names that validate.
        half: Cut every sequence: ``half-train`` and ``half-val``.
        lists: Split name -> text file of sequence names.
        detector: Which of MOT17's detector variants to keep.
        person_classes: Which classes are people, see :class:`GtRules`.
        gt_format: 'mot15', 'mot17' or 'auto', see :class:`GtRules`.
        progress: Whether to show a progress bar.

    Returns:
        The annotation file of each split, and the findings.

    Raises:
        FileNotFoundError: If a source, sequence or list is not there.
        ValueError: If options contradict each other or data cannot be understood.
    """
    if sum((bool(train_sequences or val_sequences), half, bool(lists))) > 1:
        raise ValueError('choose one split: by sequences, by halves, or by lists')
    rules = GtRules(person_classes, gt_format)
    report = ConversionReport()
    sequences = find_sequences([Path(source) for source in sources], detector, report)
    folders = [sequence.folder for sequence in sequences]
    base = Path(root) if root else common_root([Path(s) for s in sources], folders)
    base = Path(os.path.abspath(base))
    below_root = {folder: _below(base, folder) for folder in folders}
    if half:
        splits = {'half-train': folders, 'half-val': folders}
    elif lists:
        files = {split: Path(path) for split, path in lists.items()}
        splits = split_by_lists(sequences, files, report)
    elif train_sequences or val_sequences:
        splits = split_by_names(sequences, train=train_sequences, val=val_sequences, report=report)
    else:
        splits = split_by_folder(sequences)

    used = [f for f in folders if any(f in part for part in splits.values())]
    contents = {
        folder: read_sequence(below_root[folder], base, report=report, rules=rules)
        for folder in tqdm(used, unit='sequence', disable=not progress)
    }
    parts = _assemble(splits, contents, report)
    target = Path(output) if output else base / 'annotations'
    written = {}
    for split, members in parts.items():
        content = to_cocovid(members)
        if any(m.rows for m in members) and not any(
            r.counts for m in members for r in m.rows or ()
        ):
            raise ValueError(
                f'no row of the split {split} counts as a person: choose --person-classes, or '
                '--gt-format mot15 where the files have no classes'
            )
        written[split] = target / f'{split}.json'
        write_atomically(written[split], json.dumps(content))
        _summarise(split, path=written[split], members=members, content=content, report=report)
    return ConvertedSet(written, report)


def _below(root: Path, folder: Path) -> Path:
    """Return a sequence's path below the root: a link in the root is as good as a folder."""
    for resolve in (os.path.abspath, os.path.realpath):
        start, path = Path(resolve(root)), Path(resolve(folder))
        if start in path.parents:
            return root / path.relative_to(start)
    raise ValueError(f'{folder} is not inside of {root}, to which image paths are relative')


def _assemble(
    splits: dict[str, list[Path]], sequences: dict[Path, MotSequence], report: ConversionReport
) -> dict[str, list[MotSequence]]:
    """Return the sequences of each annotation file; those without ground truth are for testing."""
    parts: dict[str, list[MotSequence]] = {}
    without_gt: dict[Path, MotSequence] = {}
    for split, folders in splits.items():
        for folder in folders:
            sequence = sequences[folder]
            if sequence.rows is None and split != 'test':
                without_gt[folder] = sequence
            elif split.startswith('half-'):
                part = cut_half(sequence, split.removeprefix('half-'))
                parts.setdefault(split, []).append(part)
            else:
                parts.setdefault(split, []).append(sequence)
    for sequence in without_gt.values():
        report.add("sequence without gt/gt.txt, put into the split 'test'", sequence.name)
        parts.setdefault('test', []).append(sequence)
    return parts


def _summarise(
    split: str, *, path: Path, members: list[MotSequence], content: dict, report: ConversionReport
) -> None:
    rows = [row for member in members for row in member.rows or ()]
    counting = sum(row.counts for row in rows)
    people = sum(len({r.track_id for r in m.rows or () if r.counts}) for m in members)
    report.line(
        f'{split}: {len(members)} sequences, {len(content["images"])} frames, {counting} boxes of '
        f'{people} people that count, {len(rows) - counting} other rows -> {path}'
    )
    for member in members:
        member_rows = member.rows or ()
        count = sum(row.counts for row in member_rows)
        report.line(f'    {member.name}: {len(member.images)} frames, {count} boxes that count')
