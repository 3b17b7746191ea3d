"""Compare the norms of VSE-MOT's maps where every GPU has one clip: a batch is one map.

    python tools/analysis_tools/compare_map_norms.py

Adapter and VSFM learn, from made-up clips, to add the vector that image feature and query contents
call for; no tracker is involved, and the maps are small, so that minutes on a CPU tell. Printed for
each norm, over several seeds:

- val: error of the held-out clips in eval mode, as a share of the error of adding the mean
- train: the same in training mode without dropout, running statistics left alone
- gap: how far the added vector differs between training and eval mode, relative to its length
- count: how far it moves when the same queries come twice, relative to its length
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Sequence

import torch
from mmengine.registry import init_default_scope
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


class Clips:
    """Made-up clips: a video has a mean image feature, and contents that change slowly."""

    def __init__(self, width: int, queries: tuple[int, int], seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.width, self.queries = width, queries
        # The task is the same for all seeds of the clips.
        task = torch.Generator().manual_seed(0)
        self.of_image = torch.randn(width, width, generator=task) / width**0.5
        self.of_queries = torch.randn(width, width, generator=task) / width**0.5

    def normal(self, *size: int) -> Tensor:
        return torch.randn(*size, generator=self.generator)

    def clip(self) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Return the frames of one clip: semantics (1, C), contents (n, C), wanted vector (C,)."""
        image, frames = self.normal(1, self.width), []
        low, high = self.queries
        count = int(torch.randint(low, high + 1, (), generator=self.generator))
        kind, brightness = self.normal(1, self.width), 0.5 + self.normal(1).abs()
        for _ in range(CLIP_LENGTH):
            semantics = brightness * (image + 0.2 * self.normal(1, self.width))
            contents = 0.7 * kind + self.normal(count, self.width)
            wanted = image @ self.of_image + contents.mean(0) @ self.of_queries
            frames.append((semantics, contents, wanted[0].relu()))
        return frames


def train(norm: str, clips: Clips, steps: int, lr: float, dropout: float, seed: int) -> Fusion:
    """One clip a step."""
    torch.manual_seed(seed)
    model = Fusion(norm, clips.width, dropout).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-4)
    for _ in range(steps):
        losses = [F.mse_loss(model(s, q), wanted) for s, q, wanted in clips.clip()]
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
    return model


@torch.no_grad()
def measure(model: Fusion, clips: Clips, count: int) -> dict[str, float]:
    """Return the four numbers of the module's docstring."""
    frames = [frame for _ in range(count) for frame in clips.clip()]
    wanted = torch.stack([frame[2] for frame in frames])
    base = F.mse_loss(wanted.mean(0).expand_as(wanted), wanted)
    answers = {}
    for mode in ('eval', 'train'):
        # a copy: a published norm in training mode changes its running statistics
        probe = copy.deepcopy(model).train(mode == 'train')
        for module in probe.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
            elif isinstance(module, nn.MultiheadAttention):
                module.dropout = 0.0
        answers[mode] = torch.stack([probe(s, q) for s, q, _ in frames])
    model.eval()
    twice = torch.stack([model(s, q.repeat(2, 1)) for s, q, _ in frames])
    length = answers['eval'].norm(dim=1)
    return dict(
        val=float(F.mse_loss(answers['eval'], wanted) / base),
        train=float(F.mse_loss(answers['train'], wanted) / base),
        gap=float(((answers['train'] - answers['eval']).norm(dim=1) / length).median()),
        count=float(((twice - answers['eval']).norm(dim=1) / length).median()),
    )


def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--steps', type=int, default=300, help='clips to learn from')
    parser.add_argument('--lr', type=float, default=1e-3, help='of AdamW')
    parser.add_argument('--seeds', type=int, default=2)
    parser.add_argument('--width', type=int, default=32, help='of contents and maps')
    parser.add_argument('--queries', type=int, nargs=2, default=(4, 16), help='fewest and most')
    parser.add_argument('--dropout', type=float, default=0.1)
    options = parser.parse_args(args)
    init_default_scope('mmtrack')
    print(f'{"norm":<10} seed    val  train    gap  count')
    for seed in range(options.seeds):
        for norm in NORMS:
            clips = Clips(options.width, tuple(options.queries), seed)
            model = train(norm, clips, options.steps, options.lr, options.dropout, seed)
            found = measure(
                model, Clips(options.width, tuple(options.queries), 1000 + seed), count=20
            )
            numbers = ' '.join(f'{value:6.3f}' for value in found.values())
            print(f'{norm:<10} {seed:>4} {numbers}', flush=True)
