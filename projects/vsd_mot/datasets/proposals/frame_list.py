"""Which frames of a data set proposals are to be made for."""

from __future__ import annotations

from pathlib import Path

from ...data_files import read_json_object
from ...mot_layout import find_sequences, image_folder, list_images
from .frame_keys import frame_key


def frames_of_annotations(ann_file: str | Path) -> list[str]:
    """Frames that an annotation file (COCO, COCO-VID) names.

    Args:
        ann_file: The JSON file.

    Returns:
        Their keys, in file order.

    Raises:
        ValueError: If it is not such a file or a name leaves the data set's folder.
    """
    images = read_json_object(ann_file, 'images')['images']
    try:
        names = [image['file_name'] for image in images]
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{ann_file} is not a COCO annotation file: it needs 'images' with a 'file_name' each"
        ) from error
    return _unique([frame_key(name) for name in names], ann_file)


def frames_of_folder(root: str | Path) -> list[str]:
    """Frames of the sequences below a folder in MOTChallenge layout.

    Args:
        root: Holds sequences, each with a folder ``img1``, up to three levels deep.

    Returns:
        Keys such as 'train/MOT17-02/img1/000001.jpg', sequence by sequence.

    Raises:
        ValueError: If there is none.
    """
    root = Path(root)
    keys = [
        path.relative_to(root).as_posix()
        for sequence in find_sequences(root)
        for path in list_images(image_folder(sequence))
    ]
    if not keys:
        raise ValueError(
            f'there are no frames below {root}: sequences in MOTChallenge layout '
            '(SEQUENCE/img1/000001.jpg) are looked for. Give --ann-file for any other layout'
        )
    return [frame_key(key) for key in keys]


def _unique(keys: list[str], source: str | Path) -> list[str]:
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'{source} names the frame {twice} twice')
    return keys
