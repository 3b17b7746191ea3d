"""DCNv3, the deformable convolution of InternImage, in plain PyTorch."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..token_linear import TokenLinear

POINTS = 9  # of a 3 x 3 kernel
# Places and groups whose points are located at a time: 0.6 MB for each buffer of 36 numbers.
CHUNK_BAGS = 2**12


class DCNv3(nn.Module):
    """Deformable convolution v3 (Wang et al., InternImage, CVPR 2023, section 3.1).

    Kernel 3 x 3, stride 1. Every group samples the map at nine places of its own, which the
    layer reads off the map, and weighs them by a softmax.

    Args:
        channels: Width C of the map.
        groups: Number G of groups, each with offsets and weights of its own; divides ``channels``.
    """

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        if channels % groups:
            raise ValueError(f'{groups} groups do not divide {channels} channels')
        self.groups = groups
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.offset = TokenLinear(channels, groups * POINTS * 2)
        self.mask = TokenLinear(channels, groups * POINTS)
        self.value = TokenLinear(channels, channels)
        self.output = TokenLinear(channels, channels)
        for layer in (self.offset, self.mask):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        for layer in (self.value, self.output):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve a map.

        Args:
            x: ``(B, H, W, C)``.

        Returns:
            ``(B, H, W, C)``.
        """
        value = self.value(x)
        context = self.depthwise(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        context = F.gelu(self.norm(context))
        weights = self.mask(context).unflatten(-1, (self.groups, POINTS)).softmax(dim=-1)
        offsets = self.offset(context).unflatten(-1, (self.groups, POINTS, 2))
        learns = torch.is_grad_enabled() and value.requires_grad
        sample = sample_points if learns else gather_points
        return self.output(sample(value, offsets, weights))


def gather_points(value: Tensor, offsets: Tensor, weights: Tensor) -> Tensor:
    """Compute what :func:`sample_points` does, as a sum of table rows: 2 to 4 times faster.

    Each sample is four rows of a table of places and groups, and all 36 rows of a place and group
    are one bag. Gradients would be slower than those of :func:`sample_points`.

    Args:
        value: As :func:`sample_points`.
        offsets: As :func:`sample_points`.
        weights: As :func:`sample_points`.

    Returns:
        ``(B, H, W, C)``.
    """
    batch, height, width, groups = weights.shape[:4]
    # One place of zeros surrounds the map: what lies farther out has the same value as it.
    table = F.pad(value.unflatten(-1, (groups, -1)), (0, 0, 0, 0, 1, 1, 1, 1)).flatten(0, 3)
    step = max(1, CHUNK_BAGS // (batch * width * groups))
    parts = []
    for start in range(0, height, step):
        part = slice(start, start + step)
        corners, shares = locate(offsets[:, part], weights[:, part], start=start, height=height)
        bags = F.embedding_bag(corners, table, per_sample_weights=shares, mode='sum')
        parts.append(bags.reshape(batch, -1, width, value.shape[-1]))
    return torch.cat(parts, dim=1)


def locate(offsets: Tensor, weights: Tensor, *, start: int, height: int) -> tuple[Tensor, Tensor]:
    """Find which rows of the table are the corners of each sample, and what each counts.

    Args:
        offsets: ``(B, h, W, G, 9, 2)`` of some rows of a map.
        weights: ``(B, h, W, G, 9)``.
        start: The first of these rows.
        height: Of the whole map.

    Returns:
        Two ``(B * h * W * G, 36)``: rows of the table of places and groups, and shares.
    """
    batch, count, width, groups = weights.shape[:4]
    device, stride = weights.device, width + 2
    points = torch.arange(POINTS, device=device, dtype=offsets.dtype)
    rows = torch.arange(start, start + count, device=device, dtype=offsets.dtype)
    columns = torch.arange(width, device=device, dtype=offsets.dtype)
    x = columns[:, None, None] + (points // 3 - 1) + offsets[..., 0]
    y = rows[:, None, None, None] + (points % 3 - 1) + offsets[..., 1]
    x, y = x.clamp_(-1, width), y.clamp_(-1, height)
    left, top = x.floor().clamp_(max=width - 1), y.floor().clamp_(max=height - 1)
    right_share, bottom_share = x.sub_(left), y.sub_(top)
    lower = weights * bottom_share
    upper = weights - lower
    lower_right, upper_right = lower * right_share, upper * right_share
    shares = (upper - upper_right, upper_right, lower - lower_right, lower_right)
    ints = torch.int32
    picture = torch.arange(batch, device=device, dtype=ints)[:, None, None, None, None] * (
        height + 2
    )
    corner = (picture + 1 + top.int()) * stride + 1 + left.int()
    corner = corner * groups + torch.arange(groups, device=device, dtype=ints)[:, None]
    steps = torch.tensor([0, 1, stride, stride + 1], device=device, dtype=ints) * groups
    return (
        (corner[..., None] + steps).reshape(-1, 4 * POINTS),
        torch.stack(shares, dim=-1).reshape(-1, 4 * POINTS),
    )


def sample_points(value: Tensor, offsets: Tensor, weights: Tensor) -> Tensor:
    """Weighted sum of nine bilinear samples for every place and group; 0 outside the map.

    Points go down the columns of the kernel: point p is nominally at
    ``(p // 3 - 1, p % 3 - 1)`` (x, y) from the centre.

    Args:
        value: ``(B, H, W, C)``.
        offsets: ``(B, H, W, G, 9, 2)``, (dx, dy) in pixels, added to the nominal places.
        weights: ``(B, H, W, G, 9)``.

    Returns:
        ``(B, H, W, C)``.
    """
    batch, height, width, groups = weights.shape[:4]
    # Groups become samples of a batch: (B * G, C / G, H, W) is sampled at (B * G, H, W, 2).
    maps = value.unflatten(-1, (groups, -1)).permute(0, 3, 4, 1, 2).flatten(0, 1)
    offsets = offsets.permute(4, 0, 3, 1, 2, 5).flatten(1, 2)
    weights = weights.permute(4, 0, 3, 1, 2).flatten(1, 2)[:, :, None]
    rows = torch.arange(height, device=value.device, dtype=offsets.dtype)
    columns = torch.arange(width, device=value.device, dtype=offsets.dtype)
    centres = torch.stack(torch.meshgrid(columns, rows, indexing='xy'), dim=-1)
    size = centres.new_tensor([width, height])
    total = torch.zeros_like(maps)
    for point in range(POINTS):
        nominal = centres + centres.new_tensor([point // 3 - 1, point % 3 - 1])
        grid = (2 * (nominal + offsets[point]) + 1) / size - 1
        total = total + F.grid_sample(maps, grid, align_corners=False) * weights[point]
    return total.unflatten(0, (batch, groups)).permute(0, 3, 4, 1, 2).flatten(3)
