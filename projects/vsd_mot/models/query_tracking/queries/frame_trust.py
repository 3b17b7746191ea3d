"""How far a frame can be trusted, from its quality."""

from __future__ import annotations

import numpy as np
from mmengine.model import BaseModule
from mmtrack.registry import MODELS


@MODELS.register_module()
class FrameTrust(BaseModule):
    """Maps a frame's quality to a trust in [0, 1]: DSWR's principle for births and deaths.

    Trust is 1 at quality ``good`` and above, 0 at ``bad`` and below, and linear in between.

    Args:
        good: Quality of a frame that is trusted as it is. Raising it makes more frames doubtful.
        bad: Quality at and below which a frame has no weight. Raising it makes more frames
            doubtful.
    """

    def __init__(self, good: float = 0.45, bad: float = 0.15) -> None:
        super().__init__()
        if not bad < good:
            raise ValueError(f'bad ({bad}) must be below good ({good}): both are frame qualities')
        self.good = good
        self.bad = bad

    def forward(self, quality: float | None) -> float:
        """Return the trust in a frame of this quality; 1 where it is not measured."""
        if quality is None:
            return 1.0
        return float(np.clip((quality - self.bad) / (self.good - self.bad), 0, 1))
