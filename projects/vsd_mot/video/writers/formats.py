"""The formats that tracks are written in, by the names users know them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...errors import OutputError
from .base import ResultWriter
from .coco_json import CocoJsonWriter
from .cvat_xml import CvatXmlWriter
from .facts import VideoFacts
from .label_studio import LabelStudioWriter
from .mot_sequence import MotSequenceWriter
from .mot_text import MotTextWriter
from .tables import CsvWriter, ParquetWriter
from .yolo_labels import YoloLabelWriter


@dataclass(frozen=True)
class TrackFormat:
    """A format of tracks.

    Attributes:
        ending: What follows the name of the video in the name of the file or folder.
        make: Opens a writer for a path and the facts of the video.
        description: In a few words, for the list of files.
    """

    ending: str
    make: Callable[[Path, VideoFacts], ResultWriter]
    description: str


def _coco(path: Path, facts: VideoFacts) -> CocoJsonWriter:
    return CocoJsonWriter(path, video=facts.name, fps=facts.fps)


# Beside MOTChallenge text and COCO's JSON, which tracking a video always leaves.
EXTRA_FORMATS = {
    'cvat': TrackFormat('_cvat.xml', CvatXmlWriter, 'CVAT video XML'),
    'label-studio': TrackFormat('_studio.json', LabelStudioWriter, 'Label Studio task'),
    'yolo': TrackFormat('_yolo', YoloLabelWriter, 'YOLO label files'),
    'csv': TrackFormat('.csv', CsvWriter, 'CSV table'),
    'parquet': TrackFormat('.parquet', ParquetWriter, 'Parquet table'),
}
FORMATS = {
    'mot': TrackFormat('.txt', lambda path, _: MotTextWriter(path), 'MOTChallenge text'),
    'coco': TrackFormat('.json', _coco, 'COCO-style JSON'),
    'mot-gt': TrackFormat('', MotSequenceWriter, 'MOTChallenge ground truth'),
    **EXTRA_FORMATS,
}


def extra_format(name: str) -> TrackFormat:
    """Return a format by its name.

    Raises:
        OutputError: There is none of that name.
    """
    if name not in EXTRA_FORMATS:
        raise OutputError(
            f'there is no format {name!r} to write, there are {", ".join(EXTRA_FORMATS)}'
        )
    return EXTRA_FORMATS[name]
