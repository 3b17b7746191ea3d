"""Train the numbers of the frame quality on pairs of pictures, and count how often they agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from ...models.semantics.fitted_quality import QualityFit
from ...models.semantics.quality_features import quality_features
from .steps import Step, degraded_pictures


@dataclass
class StepFeatures:
    """Features of n pictures and all that was made of each.

    Attributes:
        names: Of the n pictures.
        features: ``(n, p, F)``.
        steps: The p - 1 steps that lead to pictures 1 to p - 1.
        levels: How good the p pictures are on a rough scale, ``(p,)``.
    """

    names: list[str]
    features: Tensor
    steps: list[Step]
    levels: Tensor

    @property
    def pairs(self) -> tuple[Tensor, Tensor]:
        """Numbers of the better and of the worse picture of each step."""
        before = torch.tensor([step.before for step in self.steps])
        after = torch.tensor([step.after for step in self.steps])
        return before, after


def features_of(image: np.ndarray) -> Tensor:
    """Measure a picture (H, W, 3) uint8 BGR, ``(F,)``."""
    rgb = torch.from_numpy(np.ascontiguousarray(image[..., ::-1].transpose(2, 0, 1)))
    return quality_features(rgb[None])[0]


def measure_steps(pictures: Sequence[tuple[str, np.ndarray]]) -> StepFeatures:
    """Degrade pictures in all steps and measure what comes of it.

    Args:
        pictures: Names and images (H, W, 3) uint8 BGR.
    """
    rows, steps, levels = [], [], []
    for seed, (_, image) in enumerate(tqdm(pictures, desc='pictures', unit='picture')):
        made = list(degraded_pictures(image, seed))
        rows.append(torch.stack([features_of(picture) for picture, _, _ in made]))
        steps = [step for _, step, _ in made if step is not None]
        levels = [level for _, _, level in made]
    return StepFeatures([n for n, _ in pictures], torch.stack(rows), steps, torch.tensor(levels))


def at_half_size(image: np.ndarray) -> np.ndarray:
    """Return a picture as a sharper camera would have taken it."""
    return cv2.resize(image, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)


def fit_quality(
    data: StepFeatures,
    *,
    hidden: int = 12,
    iterations: int = 600,
    margin: float = 0.5,
    jitter: float = 0.3,
    weight_decay: float = 0.1,
    seed: int = 0,
) -> QualityFit:
    """Train a perceptron to put each picture below the one that it was made of.

    A pair costs ``softplus(4 (margin - difference))``; the squared distance to the rough level of
    each picture keeps the scale common to all cameras.

    Args:
        data: To be fitted to.
        hidden: Hidden units. Raising it follows the data more closely, and other cameras less.
        iterations: Steps of AdamW over all the data.
        margin: Wanted difference of a pair, before the sigmoid.
        jitter: Random shift of all features of a picture, in standard deviations, which stands for
            other cameras. Raising it trusts absolute values less.
        weight_decay: Of AdamW.
        seed: Of the beginning and the jitter.
    """
    torch.manual_seed(seed)
    flat = data.features.flatten(0, 1)
    mean, deviation = flat.mean(dim=0), flat.std(dim=0) + 1e-3
    normed = (data.features - mean) / deviation
    count = normed.shape[-1]
    first, last = nn.Linear(count, hidden), nn.Linear(hidden, 1)
    net = nn.Sequential(first, nn.Tanh(), last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, iterations)
    before, after = data.pairs
    for _ in range(iterations):
        shift = jitter * torch.randn(len(normed), 1, count)
        noise = 0.3 * jitter * torch.randn_like(normed)
        scores = net(normed + shift + noise)[..., 0]
        difference = scores[:, before] - scores[:, after]
        order = F.softplus(4 * (margin - difference)).mean()
        scale = (torch.sigmoid(scores) - (0.05 + 0.85 * data.levels)).square().mean()
        optimiser.zero_grad()
        (order + scale).backward()
        optimiser.step()
        schedule.step()
    parts = (first.weight.T, first.bias, last.weight[0], last.bias[0])
    return QualityFit(mean, deviation, *(part.detach().clone() for part in parts))


def agreement(rate: Callable[[Tensor], Tensor], data: StepFeatures) -> tuple[float, dict[str, int]]:
    """Count the steps that lower the quality.

    Args:
        rate: From features (..., F) to qualities.
        data: The steps.

    Returns:
        Their share, and how many did not, by kind.
    """
    qualities = rate(data.features)
    before, after = data.pairs
    wrong = ~(qualities[:, after] < qualities[:, before])
    kinds: dict[str, int] = {}
    for step, count in zip(data.steps, wrong.sum(dim=0).tolist()):
        if count:
            kinds[step.kind] = kinds.get(step.kind, 0) + count
    return 1 - wrong.float().mean().item(), dict(sorted(kinds.items(), key=lambda item: -item[1]))
