"""From CrowdHuman's odgt files to annotation files: every image a video of one frame."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from ...data_files import parse_json
from ...errors import ImageError
from ...fileio import write_atomically
from ...images import image_size
from ...mot_text import MAX_COORDINATE, MOT_CLASSES
from .gt_rows import overlaps_image
from .report import ConversionReport, ConvertedSet

# Folders where the unpacked archives have the images of a subset.
IMAGE_FOLDERS = ('{subset}/Images', 'Images', '{subset}', 'CrowdHuman_{subset}/Images',
                 '{subset}_image', 'CrowdHuman_{subset}', 'images')  # fmt: skip


def convert_crowdhuman(
    source: str | Path,
    *,
    output: str | Path | None = None,
    subsets: tuple[str, ...] = ('train', 'val'),
    images: dict[str, str | Path] | None = None,
    progress: bool = True,
) -> ConvertedSet:
    """Convert CrowdHuman to CocoVID annotation files of one-frame videos.

    Boxes are the full boxes (``fbox``), which may reach out of the image; entries with
    ``extra.ignore`` = 1 are dropped, as MOTRv2 does.

    Args:
        source: Folder with ``annotation_train.odgt`` and ``annotation_val.odgt``. Image paths are
            relative to it.
        output: Folder of the annotation files. Defaults to ``<source>/annotations``.
        subsets: Which subsets.
        images: Image folder of a subset, inside of ``source``. Without it the usual folders are
            tried.
        progress: Whether to show progress bars.

    Returns:
        The annotation file of each subset, and the findings.

    Raises:
        FileNotFoundError: If an odgt file, or the images of an entry, are not there.
        ValueError: If a line cannot be understood.
    """
    source = Path(source).resolve()
    folder = Path(output) if output else source / 'annotations'
    report = ConversionReport()
    written = {}
    for subset in subsets:
        odgt = source / f'annotation_{subset}.odgt'
        if not odgt.is_file():
            raise FileNotFoundError(
                f'there is no {odgt}. Download annotation_{subset}.odgt from '
                'https://www.crowdhuman.org, or convert other subsets with --subsets'
            )
        entries = _read_odgt(odgt)
        image_dir = _image_folder(
            source, subset, entries=entries, folder=(images or {}).get(subset)
        )
        bar = tqdm(entries, desc=f'CrowdHuman {subset}', unit='image', disable=not progress)
        content = _convert(bar, subset, root=source, image_dir=image_dir, report=report)
        written[subset] = folder / f'crowdhuman_{subset}.json'
        write_atomically(written[subset], json.dumps(content))
        report.line(
            f'{subset}: {len(content["images"])} images, {len(content["annotations"])} people '
            f'-> {written[subset]}'
        )
    return ConvertedSet(written, report)


def _read_odgt(path: Path) -> list[dict]:
    """Entries of an odgt file: one JSON object per line."""
    entries: list[dict] = []
    lines: dict[str, int] = {}
    with open(path, encoding='utf-8-sig', errors='replace') as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = parse_json(line, f'{path}, line {number}')
                name, boxes = entry['ID'], entry['gtboxes']
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(
                    f'{path}, line {number} is not an entry with ID and gtboxes: {line[:60]!r}'
                ) from error
            if not isinstance(name, str) or not isinstance(boxes, list):
                raise ValueError(f'{path}, line {number}: ID must be a text, gtboxes a list')
            if not all(
                isinstance(box, dict) and isinstance(box.get('extra', {}), dict) for box in boxes
            ):
                raise ValueError(
                    f'{path}, line {number}: gtboxes must hold objects, whose "extra" is an object'
                )
            if not name or '/' in name or '\\' in name or name in ('.', '..'):
                raise ValueError(f'{path}, line {number}: {name!r} cannot be the name of an image')
            if lines.setdefault(name, number) != number:
                raise ValueError(
                    f'{path}, line {number}: {name!r} is there already, in line {lines[name]}'
                )
            entries.append(entry)
    if not entries:
        raise ValueError(f'{path} has no entries')
    return entries


def _image_folder(
    source: Path, subset: str, *, entries: list[dict], folder: str | Path | None
) -> Path:
    first = f'{entries[0]["ID"]}.jpg'
    if folder is not None:
        chosen = (source / folder).resolve()
        if chosen != source and source not in chosen.parents:
            raise ValueError(f'the image folder {chosen} must be inside of {source}')
        candidates = [chosen]
    else:
        candidates = [source / pattern.format(subset=subset) for pattern in IMAGE_FOLDERS]
    for candidate in candidates:
        if (candidate / first).is_file():
            return candidate
    tried = ', '.join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(
        f'the image {first} of the {subset} set is in none of {tried}. Unpack the images there, or '
        f'name their folder with --images {subset}=FOLDER'
    )


def _convert(
    entries: Iterable[dict], subset: str, *, root: Path, image_dir: Path, report: ConversionReport
) -> dict:
    result: dict = {
        'categories': [dict(id=1, name=MOT_CLASSES[0])],
        'videos': [], 'images': [], 'annotations': [],
    }  # fmt: skip
    for number, entry in enumerate(entries, start=1):
        path = image_dir / f'{entry["ID"]}.jpg'
        try:
            width, height = image_size(path)
        except FileNotFoundError:
            raise FileNotFoundError(
                f'{path} is not there, but annotation_{subset}.odgt names it: unpack all archives '
                f'of the {subset} set'
            ) from None
        except (ImageError, OSError) as error:
            raise ValueError(f'{path} cannot be read as an image ({error})') from error
        result['videos'].append(
            dict(id=number, name=entry['ID'], fps=1.0, width=width, height=height)
        )
        result['images'].append(
            dict(id=number, video_id=number, file_name=path.relative_to(root).as_posix(),
                 height=height, width=width, frame_id=0, mot_frame_id=1)
        )  # fmt: skip
        for index, box in enumerate(
            _people(entry, subset, width=width, height=height, report=report)
        ):
            result['annotations'].append(
                dict(id=len(result['annotations']) + 1, image_id=number, video_id=number,
                     category_id=1, bbox=box, area=box[2] * box[3], iscrowd=False, visibility=1.0,
                     mot_instance_id=index, instance_id=index, mot_conf=1.0)
            )  # fmt: skip
    return result


def _people(
    entry: dict, subset: str, *, width: int, height: int, report: ConversionReport
) -> list[list[float]]:
    """Full boxes (left, top, width, height) of an image's people."""
    boxes = []
    for item in entry['gtboxes']:
        if item.get('extra', {}).get('ignore', 0) == 1:
            report.add('entry marked to be ignored, dropped', subset)
            continue
        if item.get('tag', 'person') != 'person':
            report.add(
                'entry that is no person, dropped',
                subset,
                example=f'{item["tag"]} in {entry["ID"]}',
            )
            continue
        box = item.get('fbox')
        if (
            not isinstance(box, list)
            or len(box) != 4
            or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in box)
        ):
            raise ValueError(f'an entry of {entry["ID"]} ({subset}) has no fbox of four numbers')
        if not all(abs(value) <= MAX_COORDINATE for value in box):
            example = f'{str(box)[:80]} in {entry["ID"]}'
            report.add(
                'box that is not finite, or of an absurd size, dropped',
                subset,
                example=example,
            )
        elif box[2] < 1 or box[3] < 1:
            report.add(
                'box smaller than one pixel, dropped',
                subset,
                example=f'{box} in {entry["ID"]}',
            )
        elif not overlaps_image(tuple(box), width, height):
            report.add(
                'box outside of the image, dropped',
                subset,
                example=f'{box} in {entry["ID"]}',
            )
        else:
            boxes.append([float(value) for value in box])
    return boxes
