"""Which of a file's video tracks is the video, and what is known about it before it is read."""

from __future__ import annotations

from fractions import Fraction

import av
from av.stream import Disposition

from ..errors import SourceError

# Covers, previews and pictures that came with a file: no video.
STILLS = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
SQUARE = Fraction(1)
MAX_PIXEL_ASPECT = 10  # anamorphic video has pixels of up to 2:1; more is a mistake of its header


def choose_track(container: av.container.InputContainer, label: str) -> av.VideoStream:
    """Return the track that a player would show.

    Covers and previews are no video. Of several tracks the default one is taken, of several of
    these the largest, of these the first.

    Args:
        container: The opened file.
        label: Its name, for messages.

    Raises:
        SourceError: There is none, or this FFmpeg cannot decode it.
    """
    tracks = video_tracks(container)
    if not tracks:
        still = ', only a cover picture' if container.streams.video else ' (sound only?)'
        raise SourceError(f'{label} has no video in it{still}')
    default = [track for track in tracks if track.disposition & Disposition.default] or tracks
    track = max(default, key=_pixels)
    if track.codec_context is None:
        raise SourceError(
            f'{label}: this FFmpeg has no decoder for its codec; convert it first, '
            'e.g. ffmpeg -i IN -c:v libx264 OUT.mp4'
        )
    return track


def video_tracks(container: av.container.InputContainer) -> list[av.VideoStream]:
    """Return the tracks of a file that are video."""
    return [track for track in container.streams.video if not track.disposition & STILLS]


def other_tracks(container: av.container.InputContainer, track: av.VideoStream) -> str | None:
    """Say that a file has other video beside the chosen track; None where it has not."""
    tracks = video_tracks(container)
    if len(tracks) == 1:
        return None
    number = tracks.index(track)
    return (
        f'{len(tracks)} video tracks; number {number} ({_size(track)}) is tracked. For another: '
        f'ffmpeg -i IN -map 0:v:{(number + 1) % len(tracks)} -c copy OUT.mkv'
    )


def pixel_aspect(track: av.VideoStream) -> Fraction:
    """Return width : height of a pixel as a player shows it, 1 where nothing sensible is noted."""
    aspect = track.sample_aspect_ratio
    if not aspect or not 1 / MAX_PIXEL_ASPECT <= aspect <= MAX_PIXEL_ASPECT:
        return SQUARE
    return Fraction(aspect)


def noted_seconds(container: av.container.InputContainer, track: av.VideoStream) -> float | None:
    """Return how long a track is by its own header; None where only the file's length is known."""
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    if clock := track.metadata.get('DURATION'):  # Matroska's, as 00:01:02.500000000
        try:
            hours, minutes, seconds = clock.split(':')
            return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
        except ValueError:
            return None
    if len(container.streams) == 1 and container.duration:
        return container.duration / av.time_base
    return None


def _pixels(track: av.VideoStream) -> int:
    context = track.codec_context
    return context.width * context.height if context is not None else 0


def _size(track: av.VideoStream) -> str:
    context = track.codec_context
    return f'{context.width} x {context.height}' if context is not None else 'unknown codec'
