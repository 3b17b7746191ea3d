"""The elements of CVAT's XML for videos, taken one by one."""

from __future__ import annotations

import xml.sax
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.xmlreader import AttributesImpl, Locator

from ...data_files import MAX_DEPTH
from ...errors import DataFileError
from ...mot_text import check_box

MAX_FRAMES = 100_000_000  # of a video: five weeks of 30 a second
SHAPES = ('polygon', 'polyline', 'points', 'mask', 'cuboid', 'ellipse', 'skeleton')
_TASKS = ('task', 'job')


@dataclass
class CvatTrack:
    """A track as it is read.

    Attributes:
        identity: Its id.
        label: Name of its class.
        line: Where it begins.
        rows: Frame, outside, occluded, ignored, and four corners of each box.
        frames: Those that have a box.
    """

    identity: int
    label: str
    line: int
    rows: list[tuple[float, ...]] = field(default_factory=list)
    frames: set[int] = field(default_factory=set)


class CvatHandler(xml.sax.ContentHandler):
    """Takes tracks and boxes; elements that are not known are passed over, other shapes counted.

    Args:
        path: The file, for messages.

    Attributes:
        names: Of the labels, in order.
        tracks: By identity.
        meta: Texts of the head, by element.
        other_shapes: Shapes of tracks that are no boxes.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.names: list[str] = []
        self.tracks: dict[int, CvatTrack] = {}
        self.meta: dict[str, str] = {}
        self.other_shapes = 0
        self._open: list[str] = []
        self._track: CvatTrack | None = None
        self._text = ''
        self._attribute = ''
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        """Keep what knows the line."""
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        """Begin an element."""
        if not self._open and name != 'annotations':
            raise self._fault(f'begins with <{name[:40]}>, not with <annotations> as CVAT')
        self._open.append(name)
        self._text = ''
        if len(self._open) > MAX_DEPTH:
            raise self._fault(f'nested more than {MAX_DEPTH} levels deep')
        if name == 'track' and len(self._open) == 2:
            self._begin_track(attrs)
        elif name == 'image' and len(self._open) == 2:
            raise self._fault(
                'images without tracks: export the task from CVAT as "CVAT for video 1.1"'
            )
        elif self._track is not None and name == 'box':
            self._add_box(self._track, attrs)
        elif self._track is not None and name in SHAPES:
            self.other_shapes += 1
        elif name == 'attribute':
            self._attribute = attrs.get('name', '')

    def characters(self, content: str) -> None:
        """Take a piece of text."""
        self._text += content

    def endElement(self, name: str) -> None:  # noqa: N802
        """End an element."""
        self._open.pop()
        parents, text = self._open[-2:], self._text.strip()
        if parents == ['labels', 'label'] and name == 'name':
            self.names.append(text)
        elif self._open[2:] in ([one] for one in _TASKS) or self._open[-1:] == ['original_size']:
            self.meta[name] = text
        elif name == 'attribute' and self._attribute == 'ignored' and text.lower() == 'true':
            if self._track is not None and self._track.rows and self._open[-1:] == ['box']:
                self._track.rows[-1] = (*self._track.rows[-1][:3], 1.0, *self._track.rows[-1][4:])
        elif name == 'track' and len(self._open) == 1:
            self._track = None
        self._text = ''

    def _begin_track(self, attrs: AttributesImpl) -> None:
        identity = self._whole(attrs, 'id', high=2**63 - 1)
        if identity in self.tracks:
            first = self.tracks[identity].line
            raise self._fault(f'track {identity} is there already, in line {first}')
        label = attrs.get('label')
        if label is None:
            raise self._fault(f'track {identity} has no label')
        if label not in self.names:
            self.names.append(label)
        self._track = self.tracks[identity] = CvatTrack(identity, label, self._line())

    def _add_box(self, track: CvatTrack, attrs: AttributesImpl) -> None:
        frame = self._whole(attrs, 'frame', high=MAX_FRAMES)
        if frame in track.frames:
            raise self._fault(f'track {track.identity} is in frame {frame} a second time')
        track.frames.add(frame)
        corners = [self._number(attrs, name) for name in ('xtl', 'ytl', 'xbr', 'ybr')]
        x1, y1, x2, y2 = corners
        check_box([x1, y1, x2 - x1, y2 - y1], self._where())
        flags = [self._flag(attrs, name) for name in ('outside', 'occluded')]
        track.rows.append((frame, *map(float, flags), 0.0, *corners))

    def _flag(self, attrs: AttributesImpl, name: str) -> bool:
        if (text := attrs.get(name, '0')) not in ('0', '1'):
            raise self._fault(f'{name}={text!r:.40} is neither 0 nor 1')
        return text == '1'

    def _number(self, attrs: AttributesImpl, name: str) -> float:
        try:
            return float(attrs[name])
        except (KeyError, ValueError):
            raise self._fault(f'{name}={attrs.get(name)!r:.40} is no number') from None

    def _whole(self, attrs: AttributesImpl, name: str, high: int) -> int:
        text = attrs.get(name, '')
        if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= high):
            raise self._fault(f'{name}={text!r:.40} is no whole number from 0 to {high}')
        return int(text)

    def _line(self) -> int:
        return self._locator.getLineNumber() or 0 if self._locator is not None else 0

    def _where(self) -> str:
        return f'{self.path}, line {self._line()}'

    def _fault(self, what: str) -> DataFileError:
        return DataFileError(f'{self._where()}: {what}')

    def meta_number(self, name: str, high: int) -> int | None:
        """Return a positive whole number of the head, None where there is none.

        Raises:
            DataFileError: It is something else, or more than `high`.
        """
        text = self.meta.get(name, '')
        whole = text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= high
        if text and not whole:
            raise DataFileError(
                f'{self.path}: {name} in its meta is {text[:40]!r}, no whole number up to {high}'
            )
        return int(text or 0) or None
