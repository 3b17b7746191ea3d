"""Sequences in MOTChallenge layout, right and wrong, for the converter tests."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from vsd_mot.datasets.converters import convert_mot


def make_sequence(
    folder: Path,
    gt: str | None = None,
    numbers: range | list[int] = range(1, 5),
    name_format: str = '{:06d}.jpg',
    info: str | None = '',
    size: tuple[int, int] = (64, 48),
) -> Path:
    """Write a sequence. ``info`` '' writes a right seqinfo.ini, None none, else that text."""
    (folder / 'img1').mkdir(parents=True)
    for number in numbers:
        Image.new('RGB', size).save(folder / 'img1' / name_format.format(number))
    if info is not None:
        text = (
            f'[Sequence]\nname={folder.name}\nimDir=img1\nframeRate=25\n'
            f'seqLength={len(numbers)}\nimWidth={size[0]}\nimHeight={size[1]}\nimExt=.jpg\n'
        )
        (folder / 'seqinfo.ini').write_text(info or text)
    if gt is not None:
        (folder / 'gt').mkdir()
        (folder / 'gt' / 'gt.txt').write_text(gt)
    return folder


def convert(source: Path, **options) -> tuple[dict, str]:
    """Contents of the annotation files, and the report's text."""
    converted = convert_mot([source], progress=False, **options)
    contents = {split: json.loads(path.read_text()) for split, path in converted.files.items()}
    return contents, str(converted.report)


def names(part: dict) -> list[str]:
    return [video['name'] for video in part['videos']]


def boxes_of(content: dict, frame_id: int = 0) -> dict[int, dict]:
    image = next(image for image in content['images'] if image['frame_id'] == frame_id)
    rows = [row for row in content['annotations'] if row['image_id'] == image['id']]
    return {row['mot_instance_id']: row for row in rows}


# Frame 1 of each row's kind in MOT17: counted, unmarked pedestrian, static person, car, reflection.
MOT17_GT = (
    '1,1,10,5,20,30,1,1,0.86\n1,2,11,5,20,30,0,1,0.5\n1,3,12,5,20,30,0,7,0.25\n'
    '1,4,13,5,20,30,0,3,1\n2,1,11,5,20,30,1,1,0.9\n1,5,1,1,9,9,0,12,1\n'
)


def crowdhuman(root: Path, entries: list[dict], subset: str = 'val', place: str = 'Images') -> Path:
    (root / place).mkdir(parents=True, exist_ok=True)
    for entry in entries:
        Image.new('RGB', (80, 60)).save(root / place / f'{entry["ID"]}.jpg')
    lines = ''.join(json.dumps(entry) + '\n' for entry in entries)
    (root / f'annotation_{subset}.odgt').write_text(lines)
    return root


def box(*fbox: float, tag: str = 'person', **extra) -> dict:
    return dict(tag=tag, fbox=list(fbox), vbox=[0, 0, 1, 1], extra=extra)
