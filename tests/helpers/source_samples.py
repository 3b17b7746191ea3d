"""A video of moving boxes that FFmpeg wrote."""

import av


def write_video(path, frames, fps=10, codec='libx264', **options):
    """A video by FFmpeg itself, not by this package's writer."""
    with av.open(str(path), 'w', options=options) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = 'yuv420p'
        stream.options = {'g': '4', 'crf': '10'} if codec == 'libx264' else {}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format='bgr24')))
        container.mux(stream.encode(None))
    return path
