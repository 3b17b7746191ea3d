"""A task without a tracker that shows what the norms of VSE-MOT's maps do.

Adapter and VSFM learn, from made-up clips, to add the vector that image feature and query contents
call for. Every GPU of the published training has one clip, so a batch is one map.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

NORMS = ('group', 'published', 'frozen')
CLIP_LENGTH = 5


class Fusion(nn.Module):
    """Adapter and VSFM, linked, on small maps."""

    def __init__(self, norm: str, width: int, dropout: float) -> None:
        super().__init__()
        shape = dict(embed_dims=width, map_rows=width, dropout=dropout, norm=norm)
        self.adapter = MODELS.build(dict(type='MOTAdapter', **shape))
        self.vsfm = MODELS.build(
            dict(type='VSFM', aspp_channels=width, aspp_dropout=5 * dropout, **shape)
        )
        self.adapter.link(self.vsfm)

    def forward(self, semantics: Tensor, contents: Tensor) -> Tensor:
        """Return the vector that is added to the contents of one frame, (width,)."""
        rows = semantics.expand(len(contents), -1)
        fused, _ = self.vsfm(self.adapter(rows, contents), contents)
        return (fused - contents)[0]


@dataclass(frozen=True)
class ClipFrame:
    """One frame of a made-up clip.

    Attributes:
        semantics: Image feature, (1, C).
        contents: Contents of the n queries, (n, C).
        target: The vector that is to be added to the contents, (C,).
    """

    semantics: Tensor
    contents: Tensor
    target: Tensor


@dataclass(frozen=True)
class NormErrors:
    """What a norm does; all are relative, and 0 is best.

    Attributes:
        val: Squared error of clips that were not learned from, in eval mode, as a share of that of
            adding the mean vector.
        train: The same in training mode, without dropout.
        gap: How far the added vector differs between training and eval mode, relative to its
            length.
        count: How far it moves when the same queries come twice, relative to its length.
    """

    val: float
    train: float
    gap: float
    count: float


class Clips:
    """Made-up clips: a video has a mean image feature, and contents that change slowly.

    Args:
        width: Channels C of features and contents.
        queries: Fewest and most queries of a clip.
        seed: Of the clips; the task is the same for all seeds.
    """

    def __init__(self, width: int, queries: tuple[int, int], seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.width, self.queries = width, queries
        # The task is the same for all seeds of the clips.
        task = torch.Generator().manual_seed(0)
        self.of_image = torch.randn(width, width, generator=task) / width**0.5
        self.of_queries = torch.randn(width, width, generator=task) / width**0.5

    def normal(self, *size: int) -> Tensor:
        return torch.randn(*size, generator=self.generator)

    def clip(self) -> list[ClipFrame]:
        """Draw the frames of one clip."""
        image, frames = self.normal(1, self.width), []
        low, high = self.queries
        count = int(torch.randint(low, high + 1, (), generator=self.generator))
        kind, brightness = self.normal(1, self.width), 0.5 + self.normal(1).abs()
        for _ in range(CLIP_LENGTH):
            semantics = brightness * (image + 0.2 * self.normal(1, self.width))
            contents = 0.7 * kind + self.normal(count, self.width)
            target = image @ self.of_image + contents.mean(0) @ self.of_queries
            frames.append(ClipFrame(semantics, contents, target[0].relu()))
        return frames


def train(norm: str, clips: Clips, *, steps: int, lr: float, dropout: float, seed: int) -> Fusion:
    """Train a fusion on one clip a step.

    Args:
        norm: One of ``NORMS``.
        clips: To learn from.
        steps: Number of clips. More of them separate the norms more clearly.
        lr: Learning rate of AdamW. Raising it trains faster, until it diverges.
        dropout: In the maps; five times as much in the ASPP. Raising it regularises more.
        seed: Of the weights.
    """
    torch.manual_seed(seed)
    model = Fusion(norm, clips.width, dropout).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-4)
    for _ in range(steps):
        losses = [
            F.mse_loss(model(frame.semantics, frame.contents), frame.target)
            for frame in clips.clip()
        ]
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
    return model


@torch.no_grad()
def measure(model: Fusion, clips: Clips, count: int) -> NormErrors:
    """Measure a fusion on a number of clips."""
    frames = [frame for _ in range(count) for frame in clips.clip()]
    targets = torch.stack([frame.target for frame in frames])
    base = F.mse_loss(targets.mean(0).expand_as(targets), targets)
    answers = {}
    for mode in ('eval', 'train'):
        # a copy: a published norm in training mode changes its running statistics
        probe = copy.deepcopy(model).train(mode == 'train')
        for module in probe.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
            elif isinstance(module, nn.MultiheadAttention):
                module.dropout = 0.0
        answers[mode] = torch.stack([probe(f.semantics, f.contents) for f in frames])
    model.eval()
    twice = torch.stack([model(f.semantics, f.contents.repeat(2, 1)) for f in frames])
    length = answers['eval'].norm(dim=1)
    return NormErrors(
        val=float(F.mse_loss(answers['eval'], targets) / base),
        train=float(F.mse_loss(answers['train'], targets) / base),
        gap=float(((answers['train'] - answers['eval']).norm(dim=1) / length).median()),
        count=float(((twice - answers['eval']).norm(dim=1) / length).median()),
    )
