r"""Put videos side by side into a moving picture (WebP), as at the head of README.md.

make demo
python tools/misc/moving_picture.py demo/clip.mp4 work_dirs/demo/clip_tracked.mp4 \
    --out docs/demo.webp
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image


def read_frames(path: Path, height: int) -> list[Image.Image]:
    """Return the frames of a video, scaled to a height in pixels."""
    with av.open(str(path)) as video:
        frames = [frame.to_image() for frame in video.decode(video=0)]
    width = round(frames[0].width * height / frames[0].height)
    return [frame.resize((width, height), Image.Resampling.LANCZOS) for frame in frames]


def frame_rate(path: Path) -> float:
    """Return the frames per second of a video."""
    with av.open(str(path)) as video:
        return float(video.streams.video[0].average_rate or 25)


def join(frames: Sequence[Image.Image]) -> Image.Image:
    """Put pictures of one height side by side."""
    return Image.fromarray(np.hstack([np.asarray(frame) for frame in frames]))


def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('videos', nargs='+', type=Path)
    parser.add_argument('--out', required=True, type=Path, metavar='FILE.webp')
    parser.add_argument('--height', type=int, default=280, help='in pixels (default: 280)')
    parser.add_argument('--quality', type=int, default=55, help='1 to 100 (default: 55)')
    options = parser.parse_args(args)
    columns = [read_frames(path, options.height) for path in options.videos]
    pictures = [join(row) for row in zip(*columns)]
    milliseconds = round(1000 / frame_rate(options.videos[0]))
    pictures[0].save(
        options.out,
        save_all=True,
        append_images=pictures[1:],
        duration=milliseconds,
        loop=0,
        quality=options.quality,
        method=6,
    )
    print(f'{options.out}: {len(pictures)} frames, {options.out.stat().st_size / 1e6:.2f} MB')


if __name__ == '__main__':
    main()
