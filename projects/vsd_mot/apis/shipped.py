"""Weights and the clip that come with the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..engine.configs import find_shipped_file


@dataclass(frozen=True)
class ShippedModel:
    """A tracker that comes with the package, by paths below the root of a checkout.

    Attributes:
        config: Its config.
        checkpoint: Its weights.
    """

    config: str
    checkpoint: str

    def files(self) -> tuple[Path, Path]:
        """Find config and weights, in a checkout or in the installed package.

        Raises:
            ConfigError: They did not come with this installation.
        """
        return find_shipped_file(self.config), find_shipped_file(self.checkpoint)


# Knows real people, for research only: docs/real_people.md.
REAL_PEOPLE = ShippedModel(
    'configs/vsd_mot/vsd-mot_tiny-nano_degraded-real_test-real.py',
    'demo/vsd-mot_tiny-nano_real.pth',
)
# Knows the walking figures of `vsd-mot synthesize`, of which the clip is one.
SYNTHETIC = ShippedModel(
    'configs/vsd_mot/vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    'demo/vsd-mot_tiny_synthetic.pth',
)


def demo_clip() -> Path:
    """Find the clip; its ground truth is beside it.

    Raises:
        ConfigError: It did not come with this installation.
    """
    return find_shipped_file('demo/clip.mp4')
