"""Several cameras in one process: their frames are encoded as one batch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from mmengine.dataset import pseudo_collate
from mmtrack.structures import TrackDataSample

from ..errors import TrackingError
from ..video.damage import UNSEEN, DamageWatch
from ..video.reader import FrameReader, SourceLike, open_together
from ..video.results import FrameResult
from ..video.sources import Frame, FrameSource, no_readable_frame
from .continuity import Continuity
from .latency import LatencyMeter
from .result_stream import FrameCounts
from .tracker import Tracker, result_of


class Camera(FrameCounts):
    """A camera and all that belongs to its video alone.

    Args:
        name: In the results.
        source: Opened; its frames are read in the background.
        state: Of the model.

    Attributes:
        source: The opened source.
        reader: Reads its frames.
        state: Of the model.
        watch: Names damaged frames.
        continuity: Completes results where the model was not shown a frame.
        latency: From the arrival of a frame to its result.
        ended: Whether no frame comes any more.
        failure: The error that ended it, None when none did.
    """

    def __init__(self, name: str, source: FrameSource, state: Any) -> None:
        super().__init__()
        self.name, self.source, self.state = name, source, state
        self.reader = FrameReader(source, depth=2)
        self.watch = DamageWatch()
        self.continuity = Continuity()
        self.latency = LatencyMeter()
        self.ended = False
        self.failure: Exception | None = None

    def poll(self, timeout: float) -> Frame | None:
        """Return the next frame if it comes in time, what is wrong with it named and counted."""
        try:
            frame, self.ended = self.reader.poll(timeout)
            if self.ended and self.readable == 0:
                raise no_readable_frame(self.source, self.faults)
        except Exception as error:  # of this camera: the others go on
            self.ended, self.failure = True, error
            return None
        if frame is None:
            return None
        frame = self.watch.look(frame)
        self.count(frame)
        return frame


class CameraResults:
    """Iterator over the results of several cameras, each with its own tracks.

    Whatever frames have come are prepared and encoded as one batch; then each camera's tracks go
    on by themselves. A camera that is slow keeps no other waiting, and one that fails stops no
    other: its `failure` says why.

    Args:
        tracker: From :func:`init_tracker`, of a MOTRv2 or what builds on it, with a detector.
        sources: Name to what :func:`open_source` takes, or to an opened source.
        wait: Seconds that a camera is waited for when another one has a frame. Raising it fills
            batches, at the cost of latency.

    Attributes:
        cameras: By name.

    Raises:
        TrackingError: The model does not encode frames of several videos at once.
        SourceError: One of the sources cannot be opened.
    """

    def __init__(
        self, tracker: Tracker, sources: Mapping[str, SourceLike], *, wait: float = 0.0
    ) -> None:
        self.model = tracker.model
        abilities = tracker.abilities
        if not abilities.joins_cameras or abilities.needs_proposals:
            raise TrackingError(
                f'{type(self.model).__name__} cannot follow several cameras in one process: take a '
                'MOTRv2 or VSD-MOT with a detector, or a process for each camera'
            )
        self.tracker = tracker
        self.wait = wait
        opened, failed = open_together(sources)
        if failed:
            for source in opened.values():
                source.close()
            raise next(iter(failed.values()))
        self.cameras = {
            name: Camera(name, source, self.model.new_state()) for name, source in opened.items()
        }

    def __iter__(self) -> Iterator[tuple[str, FrameResult]]:
        while frames := self._next_frames():
            samples = self._track(frames)
            for name, frame in frames.items():
                camera = self.cameras[name]
                result = camera.continuity.follow(
                    result_of(frame, samples.get(name), self.tracker.classes)
                )
                camera.latency.add(time.monotonic() - frame.arrived)
                yield name, result

    def _next_frames(self) -> dict[str, Frame]:
        """Return a frame of each camera that has one, as soon as one has; empty at the end."""
        frames: dict[str, Frame] = {}
        while not frames:
            going = [camera for camera in self.cameras.values() if not camera.ended]
            if not going:
                return {}
            for camera in going:
                # The first one is waited for, so that the loop does not spin.
                timeout = self.wait if frames else 0.02
                frame = camera.poll(timeout)
                if frame is not None:
                    frames[camera.name] = frame
        return frames

    def _track(self, frames: Mapping[str, Frame]) -> dict[str, TrackDataSample]:
        """Track through the frames whose pictures can be used; returns their samples."""
        inputs, states = {}, []
        for name, frame in frames.items():
            if frame.image is None or frame.damage in UNSEEN:
                continue
            state = self.cameras[name].state
            if frame.damage == 'cut':
                state.reset()
            states.append(state)
            inputs[name] = self.tracker.prepare(frame)
        if not inputs:
            return {}
        data = self.model.data_preprocessor(pseudo_collate(list(inputs.values())), False)
        samples = self.model.track_together(data['inputs'], data['data_samples'], states)
        return dict(zip(inputs, samples))

    def end(self, name: str) -> None:
        """Stop reading a camera; the others go on."""
        self.cameras[name].ended = True
        self.cameras[name].reader.close()

    def close(self) -> None:
        """Stop reading and close the sources."""
        for camera in self.cameras.values():
            camera.reader.close()


def track_cameras(
    tracker: Tracker, sources: Mapping[str, SourceLike], *, wait: float = 0.0
) -> CameraResults:
    """Track several cameras in one process; see :class:`CameraResults`.

    Example:
        >>> cameras = track_cameras(tracker, {'door': 0, 'yard': 'rtsp://host/yard'})
        >>> for name, result in cameras:
        ...     print(name, result.ids, cameras.cameras[name].latency)
    """
    return CameraResults(tracker, sources, wait=wait)
