"""Checkpoints that are whole or not there, whenever the training is killed.

MMEngine writes a checkpoint straight into its final file, and deletes the outdated ones before
it: killed in between, a training leaves a truncated file, or none, under the name that
`last_checkpoint` holds.
"""

import logging
import os
from pathlib import Path
from typing import Any

from mmengine.dist import is_main_process
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmtrack.registry import HOOKS

from ..fileio import write_atomically


@register_backend('atomic')
class AtomicBackend(LocalBackend):
    """Local files, written atomically: `backend_args=dict(backend='atomic')`."""

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write bytes to a file.

        Args:
            obj: Content of the file.
            filepath: The file.
        """
        write_atomically(filepath, obj)


@HOOKS.register_module()
class AtomicCheckpointHook(CheckpointHook):
    """Saves checkpoints such that a kill at any moment leaves one to resume from.

    Files are written atomically, and an outdated checkpoint is deleted once the new one and
    `last_checkpoint` are on the disk.

    Args:
        **kwargs: Those of `CheckpointHook`, except `file_client_args` and `backend_args`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(backend_args=dict(backend='atomic'), **kwargs)

    def before_train(self, runner: Runner) -> None:
        """Find the folder, and clear away what a killed training left half written.

        Args:
            runner: The runner of the training.
        """
        super().before_train(runner)
        if runner.iter > 0:
            print_log(
                f'the training goes on from iteration {runner.iter}: weights, optimiser, schedule '
                'and the order of the data are those of an uninterrupted one; what is drawn at '
                'random (clips, augmentation, denoising) is not, so its result will be alike, not '
                'equal number by number',
                logger='current',
                level=logging.WARNING,
            )
        if is_main_process():
            for leftover in Path(self.out_dir).glob('.*.tmp'):
                leftover.unlink()

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict) -> None:
        outdated: list[int] = []
        if self.max_keep_ckpts > 0 and step not in self.keep_ckpt_ids:
            kept = [*self.keep_ckpt_ids, step]
            outdated = kept[: -self.max_keep_ckpts]
            self.keep_ckpt_ids.extend([step])
            runner.message_hub.update_info('keep_ckpt_ids', list(self.keep_ckpt_ids))

        name = self.filename_tmpl.format(step)
        self.last_ckpt = os.path.join(self.out_dir, name)
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        runner.save_checkpoint(
            self.out_dir,
            name,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if not is_main_process():
            return
        write_atomically(Path(runner.work_dir) / 'last_checkpoint', self.last_ckpt.encode())
        for old in outdated:
            Path(self.out_dir, self.filename_tmpl.format(old)).unlink(missing_ok=True)
