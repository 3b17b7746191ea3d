"""Tracks as CVAT's XML for videos, version 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from xml.sax.saxutils import escape

from ..results import class_name
from .records import RecordFile
from .spooled import SpooledWriter
from .track_spool import TrackBox

BOXES_A_RECORD = 1000
_NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
# Of the labels, so that CVAT keeps the mark of objects that do not count.
_IGNORED = (
    '<attribute><name>ignored</name><mutable>True</mutable><input_type>checkbox</input_type>'
    '<default_value>false</default_value><values>false</values></attribute>'
)


class CvatXmlWriter(SpooledWriter):
    """Tracks for CVAT: "Upload annotations", format "CVAT 1.1", in a task of the same video.

    Every box is a key frame; where a track is not in a frame, a box with ``outside="1"`` says so.
    Frames count from 0 by their position in the video. Objects that are visible by less than half
    are ``occluded``; those of ground truth that do not count have the attribute ``ignored``. It has
    no scores, masks or frame rate. Identities are the tracks' ``id``, which CVAT numbers anew.
    """

    def _append_all(self, records: RecordFile) -> None:
        spool = self.spool
        records.append('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n' + self._head())
        for track, label, boxes in spool.tracks():
            name = xml_text(class_name(spool.names, label))
            records.append(f'  <track id="{track}" label="{name}" source="auto">\n')
            lines = self._lines(boxes)
            while some := list(islice(lines, BOXES_A_RECORD)):
                records.append(''.join(some))
            records.append('  </track>\n')
        records.append('</annotations>\n')

    def _lines(self, boxes: Iterator[TrackBox]) -> Iterator[str]:
        last: TrackBox | None = None
        for box in boxes:
            if last is not None and box.frame > last.frame + 1:
                yield box_line(last._replace(frame=last.frame + 1), outside=True)
            yield box_line(box)
            last = box
        if last is not None and last.frame + 1 < self.spool.frames:
            yield box_line(last._replace(frame=last.frame + 1), outside=True)

    def _head(self) -> str:
        attributes = _IGNORED if self.spool.any_ignored else ''
        labels = ''.join(
            f'<label><name>{xml_text(name)}</name><type>any</type>'
            f'<attributes>{attributes}</attributes></label>'
            for name in self.spool.names
        )
        width, height = self.spool.size or (0, 0)
        last = self.spool.frames - 1
        size = f'<original_size><width>{width}</width><height>{height}</height></original_size>'
        return (
            '  <version>1.1</version>\n  <meta><task>'
            f'<name>{xml_text(self.facts.name)}</name><size>{last + 1}</size>'
            '<mode>interpolation</mode>'
            f'<overlap>0</overlap><start_frame>0</start_frame><stop_frame>{last}</stop_frame>'
            f'<frame_filter></frame_filter><labels>{labels}</labels>{size}'
            f'<source>{xml_text(self.facts.file_name)}</source></task></meta>\n'
        )


def box_line(box: TrackBox, *, outside: bool = False) -> str:
    """Return a box as an element on a line of its own.

    Args:
        box: The box.
        outside: Whether the track is not in that frame.
    """
    start = (
        f'    <box frame="{box.frame}" keyframe="1" outside="{outside:d}" '
        f'occluded="{box.visibility < 0.5:d}" xtl="{box.x_min:.2f}" ytl="{box.y_min:.2f}" '
        f'xbr="{box.x_max:.2f}" ybr="{box.y_max:.2f}" z_order="0"'
    )
    if not box.ignored:
        return f'{start}></box>\n'
    return f'{start}><attribute name="ignored">true</attribute></box>\n'


def xml_text(value: str) -> str:
    """Return a text without the characters that XML cannot have, markup written out."""
    return escape(_NOT_XML.sub('\N{REPLACEMENT CHARACTER}', value), {'"': '&quot;'})
