"""Write sequences as CocoVID annotations, the format that MMTracking's data sets read."""

from __future__ import annotations

from collections.abc import Iterable

from ...mot_text import MOT_CLASSES
from .mot_sequence import MotSequence


def cut_half(sequence: MotSequence, part: str) -> MotSequence:
    """One half of a sequence, cut as MMTracking and CenterTrack do: n // 2 + 1 frames first.

    Args:
        sequence: The whole sequence.
        part: 'train' for the first half, 'val' for the second.

    Returns:
        The half; frames keep their numbers.

    Raises:
        ValueError: If the sequence is too short to be cut.
    """
    middle = len(sequence.images) // 2 + 1
    if middle >= len(sequence.images):
        raise ValueError(
            f'{sequence.name} has {len(sequence.images)} frames, too few to be cut in halves'
        )
    images = sequence.images[:middle] if part == 'train' else sequence.images[middle:]
    numbers = {image.number for image in images}
    rows = sequence.rows
    if rows is not None:
        rows = [row for row in rows if row.number in numbers]
    return MotSequence(sequence.name, sequence.frame_rate, images, rows)


def to_cocovid(sequences: Iterable[MotSequence]) -> dict:
    """CocoVID annotations of some sequences.

    All rows of the ground truth are in, so that one file serves training and evaluation. Rows of
    people without consider mark have ``iscrowd``: MMTracking loads them as ignored in training and
    hands them to the evaluation with ``mot_conf`` 0. Rows of other classes have their
    ``category_id``: training sets ``CLASSES=('pedestrian', )``, and the evaluation with all classes
    removes distractors as the benchmark does.

    Args:
        sequences: The sequences, names unique.

    Returns:
        ``categories``, ``videos``, ``images``, ``annotations`` and ``num_instances``.

    Raises:
        ValueError: If two sequences have one name: the evaluation tells them apart by it.
    """
    result: dict = {
        'categories': [dict(id=k, name=name) for k, name in enumerate(MOT_CLASSES, start=1)],
        'videos': [], 'images': [], 'annotations': [], 'num_instances': 0,
    }  # fmt: skip
    names = set()
    for sequence in sequences:
        if sequence.name in names:
            raise ValueError(
                f'two sequences are called {sequence.name}. The evaluation tells them apart '
                'by their folder name: rename one, or write them to different annotation files.'
            )
        names.add(sequence.name)
        _append(result, sequence)
    return result


def _append(result: dict, sequence: MotSequence) -> None:
    video_id = len(result['videos']) + 1
    first = sequence.images[0]
    video = dict(id=video_id, name=sequence.name, fps=sequence.frame_rate, width=first.width,
                 height=first.height)  # fmt: skip
    result['videos'].append(video)
    rows_of: dict[int, list] = {}
    for row in sequence.rows or ():
        rows_of.setdefault(row.number, []).append(row)
    instances: dict[int, int] = {}
    for frame_id, image in enumerate(sequence.images):
        image_id = len(result['images']) + 1
        result['images'].append(
            dict(id=image_id, video_id=video_id, file_name=image.path, height=image.height,
                 width=image.width, frame_id=frame_id, mot_frame_id=image.number)
        )  # fmt: skip
        for row in rows_of.get(image.number, ()):
            # Identities are unique in the file; 0 is left free because MMTracking's still-image
            # loading takes it as absent.
            if row.track_id not in instances:
                result['num_instances'] += 1
                instances[row.track_id] = result['num_instances']
            result['annotations'].append(
                dict(
                    id=len(result['annotations']) + 1,
                    image_id=image_id,
                    video_id=video_id,
                    category_id=row.category,
                    bbox=list(row.box),
                    area=row.box[2] * row.box[3],
                    iscrowd=row.category == 1 and not row.counts,
                    visibility=row.visibility,
                    mot_instance_id=row.track_id,
                    instance_id=instances[row.track_id],
                    mot_conf=float(row.consider),
                )
            )
