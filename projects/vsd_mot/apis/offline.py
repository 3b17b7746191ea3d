"""Track a video with a tracker that has to see its end first, in two passes over its frames."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import torch
from mmengine.dataset import pseudo_collate

from ..errors import ProposalError, SourceError, TrackingError
from ..models.frames import FrameBatch
from ..models.graph_tracking.video_run import boxes_by_frame
from ..video.reader import SourceLike, open_source
from ..video.results import FrameResult, instances_on_cpu
from ..video.sources import Frame
from .proposals import ProposalsLike, VideoProposals
from .result_stream import ResultStream
from .tracker import Tracker


class OfflineResults(ResultStream):
    """Results of a video that a tracker has to see whole.

    The first result comes when the whole video has been read: the first pass detects and describes
    people and joins them into tracks, the second reads the frames again and gives them with their
    tracks. Frames are not kept; of the tracks, boxes are.

    Args:
        tracker: From :func:`init_tracker`, whose model is offline.
        source: A video file or a folder of images: what can be read twice.
        proposals: See :func:`track_video`.
        strict: See :func:`track_video`.
        fps: See :func:`track_video`.

    Raises:
        SourceError: The source is live, or an iterable that is used up by the first pass.
        ProposalError: There are neither proposals nor a detector.
    """

    def __init__(
        self,
        tracker: Tracker,
        source: SourceLike,
        *,
        proposals: ProposalsLike | None = None,
        strict: bool = False,
        fps: float | None = None,
    ) -> None:
        self.tracker = tracker
        self.model = tracker.model
        name = type(self.model).__name__
        self._origin = source
        self._fps = fps
        super().__init__(open_source(source, fps=fps), strict=strict)
        if self.source.live or not isinstance(source, str | Path):
            self.source.close()
            raise SourceError(
                f'{name} is offline: it reads a video twice, and sees its end before it gives the '
                'first track. Give a video file or a folder of images; for cameras and streams '
                'use an online tracker (MOTRv2, VSD-MOT, ByteTrack)'
            )
        if proposals is None and self.model.detector is None:
            raise ProposalError(
                f'{name} tracks from detections, and has no detector: give proposals, or a '
                'detector (its config and checkpoint) that makes them'
            )
        self.proposals = None if proposals is None else VideoProposals(proposals, self.source)

    def _run(self) -> Generator[FrameResult, None, None]:
        tracks = self._first_pass()
        self.source = open_source(self._origin, fps=self._fps)
        for frame in self._read(16):
            yield FrameResult(
                index=frame.index,
                image=frame.image,
                pred_track_instances=instances_on_cpu(tracks.pop(frame.index, None), frame.number),
                time=frame.time,
                name=frame.name,
                fault=frame.fault,
                number=frame.number,
                classes=self.tracker.classes,
            )

    def _first_pass(self) -> dict:
        """Tracks of each frame that has any, by its index."""
        self.tracker.reset()
        run = self.model.start_video(self.source.fps)
        # Numbered frames may leave some out, which take time all the same.
        index_of, size = {}, None
        for frame in self._read(16):
            self._note(frame)
            if frame.image is None:
                continue
            if size not in (None, frame.image.shape):
                raise SourceError(
                    f'frame {frame.number} of {self.source.name} is {frame.image.shape[1]} x '
                    f'{frame.image.shape[0]}, the ones before {size[1]} x {size[0]}'
                )
            size = frame.image.shape
            index_of[frame.number] = frame.index
            self._add(run, frame)
        self._close_source()
        self._judge_end()
        tracks = boxes_by_frame(run.finish())
        return {
            index_of[number]: _Fields(fields)
            for number, fields in tracks.items()
            if number in index_of  # a frame that is not there has no result
        }

    @torch.no_grad()
    def _add(self, run, frame: Frame) -> None:
        proposals = None if self.proposals is None else self.proposals.of(frame)
        data = self.tracker.prepare(frame, proposals=proposals, video_length=self.source.length)
        data = self.model.data_preprocessor(pseudo_collate([data]), False)
        samples = data['data_samples']
        samples[0].set_metainfo(dict(mot_frame_id=frame.number))
        try:
            self.model.add_frame(
                run,
                frames=FrameBatch.from_inputs(data['inputs'], samples),
                index=0,
                sample=samples[0],
            )
        except ValueError as error:
            raise TrackingError(str(error)) from error


class _Fields(dict):
    """Fields of a frame's tracks, as :func:`instances_on_cpu` reads them."""

    def __len__(self) -> int:
        return len(self['scores'])
