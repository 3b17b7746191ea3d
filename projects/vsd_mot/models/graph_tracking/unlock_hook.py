"""Levels come in one after the other during training."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmtrack.registry import HOOKS


@HOOKS.register_module()
class UnlockLevelsHook(Hook):
    """Train the finest level first, and one more each time ``every`` iterations are done (SPEC 7).

    Args:
        every: Iterations; raising it gives a level more time before the next builds on it.
    """

    def __init__(self, every: int = 500) -> None:
        if every < 1:
            raise ValueError(f'every={every}: levels come in after at least one iteration')
        self.every = every

    def before_train(self, runner: Runner) -> None:
        """Unlock what a resumed training had unlocked."""
        self._unlock(runner, runner.iter)

    def after_train_iter(self, runner: Runner, batch_idx: int, data_batch=None, outputs=None):
        """Unlock the next level when it is due; the step has been made."""
        self._unlock(runner, runner.iter + 1)

    def _unlock(self, runner: Runner, done: int) -> None:
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        hierarchy = model.hierarchy
        hierarchy.active_levels = min(1 + done // self.every, len(hierarchy.levels))
