"""Save pictures of what a model tracks while it is validated or tested."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Protocol, runtime_checkable

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.visualization import Visualizer
from mmtrack.registry import HOOKS
from mmtrack.structures import TrackDataSample

from ..images import read_image
from ..mot_layout import sequence_around


@runtime_checkable
class HistoryVisualizer(Protocol):
    """A visualizer that draws trails and curves, and takes in the frames that are not saved."""

    def update_history(self, data_sample: TrackDataSample, pred_score_thr: float) -> None:
        """Take a frame into trails and curves without drawing it.

        Args:
            data_sample: The frame's `pred_track_instances` and metainfo.
            pred_score_thr: Tracks at or below this score are left out. Raising it leaves more out.
        """


@HOOKS.register_module()
class SequenceVisualizationHook(Hook):
    """Saves or shows tracked frames, each video in a folder of its own.

    Takes the place of MMTracking's `TrackVisualizationHook`, which names pictures by their
    basename, so that `000001.jpg` of every video overwrites the one before; nests a relative
    output folder deeper with every frame; and refuses batches of several frames.

    Every frame goes through the visualizer, so that its trails and curves have no gaps, but only
    those on the interval are saved.

    Args:
        draw: Whether to draw at all.
        interval: Save every n-th frame of a video; raising it saves fewer pictures.
        score_thr: Tracks at or below this score are not drawn. Raising it draws fewer false boxes
            and more gaps.
        show: Whether to open a window instead of saving.
        wait_time: Seconds that the window waits. Raising it plays more slowly.
        out_dir: Where test pictures go, as `<out_dir>/<video>/<image>`. None leaves them to the
            visual backends. A relative path is meant below the runner's log folder.
    """

    def __init__(
        self,
        *,
        draw: bool = False,
        interval: int = 30,
        score_thr: float = 0.3,
        show: bool = False,
        wait_time: float = 0.0,
        out_dir: str | None = None,
    ) -> None:
        if interval < 1:
            raise ValueError(f'interval is {interval}; it is a number of frames, at least 1')
        self.draw = draw
        self.interval = interval
        self.score_thr = score_thr
        self.show = show
        self.wait_time = wait_time
        self.out_dir = out_dir

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: Sequence[TrackDataSample] | None = None,
    ) -> None:
        """Draw the frames of a validation step for the visual backends."""
        self._draw_all('val', outputs, step=runner.iter + batch_idx, folder=None)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict | None = None,
        outputs: Sequence[TrackDataSample] | None = None,
    ) -> None:
        """Draw the frames of a test step; they go to `out_dir` if there is one."""
        folder = None if self.out_dir is None else Path(runner.log_dir) / self.out_dir
        self._draw_all('test', outputs, step=batch_idx, folder=folder)

    def _draw_all(
        self,
        phase: str,
        outputs: Sequence[TrackDataSample] | None,
        *,
        step: int,
        folder: Path | None,
    ) -> None:
        if not self.draw:
            return
        visualizer = Visualizer.get_current_instance()
        for sample in outputs or ():
            if sample.frame_id % self.interval:
                if isinstance(visualizer, HistoryVisualizer):
                    visualizer.update_history(sample, self.score_thr)
                continue
            video, name = frame_name(sample)
            out_file = None
            if folder is not None:
                (folder / video).mkdir(parents=True, exist_ok=True)
                out_file = str(folder / video / name)
            visualizer.add_datasample(
                # No slashes: MMEngine's local backend would look for folders of that name.
                f'{phase}_{video}_{PurePath(name).stem}',
                read_image(sample.img_path)[..., ::-1],
                data_sample=sample,
                draw_gt=False,
                show=self.show,
                wait_time=self.wait_time,
                pred_score_thr=self.score_thr,
                out_file=out_file,
                step=step,
            )


def frame_name(sample: TrackDataSample) -> tuple[str, str]:
    """Name of a frame's video and of its picture.

    In MOTChallenge layout (`<video>/img1/<image>`) the video is the sequence's folder, else the one
    that holds the image.
    """
    path = Path(os.path.abspath(sample.img_path))
    return sequence_around(path.parent).name or 'video', path.name
