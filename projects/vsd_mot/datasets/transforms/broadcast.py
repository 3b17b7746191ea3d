"""The same transforms for every frame of a clip."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
from mmcv.transforms import TransformBroadcaster
from mmtrack.registry import TRANSFORMS


@TRANSFORMS.register_module()
class ClipBroadcaster(TransformBroadcaster):
    """Run transforms on each frame of a clip, with the same random draws if they are to be shared.

    Each frame is given the random generators' state of the first one (NumPy's and Python's, which
    MMCV's and MMDetection's transforms draw from). :class:`mmcv.transforms.TransformBroadcaster`
    shares draws by a cache that belongs to the class of a transform: two transforms of one class,
    such as two random resizes, get each other's draws there, and as soon as a second data set has
    its own pipeline in the process, the first one's frames are drawn for singly.

    Args:
        transforms: Transforms of single frames.
        share_random_params: Whether all frames get the same draws.
        kwargs: As of :class:`mmcv.transforms.TransformBroadcaster`.
    """

    transforms: Callable[[dict], dict]

    def __init__(
        self, transforms: list, *, share_random_params: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(transforms, **kwargs)
        self.same_draws = share_random_params

    def transform(self, results: dict) -> dict:
        """Transform the frames of a clip.

        Args:
            results: Lists of length T by key.

        Returns:
            The same.
        """
        if not self.same_draws:
            return super().transform(results)
        python_state, numpy_state = random.getstate(), np.random.get_state()
        transforms = self.transforms

        def with_the_first_draws(frame: dict) -> dict:
            random.setstate(python_state)
            np.random.set_state(numpy_state)
            return transforms(frame)

        self.transforms = with_the_first_draws
        try:
            return super().transform(results)
        finally:
            self.transforms = transforms
