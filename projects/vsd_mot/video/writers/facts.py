"""What files of tracks say of the video itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class VideoFacts:
    """A video, as the formats note it.

    Attributes:
        name: Short name.
        fps: Frames per second.
        file: The file or folder of its pictures, None where there is none.
    """

    name: str
    fps: float
    file: Path | None = None

    @property
    def file_name(self) -> str:
        """Name of the video file; the short name where there is none."""
        return self.file.name if self.file is not None else self.name
