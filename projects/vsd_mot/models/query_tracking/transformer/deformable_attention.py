"""Multi-scale deformable attention (Deformable DETR, equations 2 and 3)."""

from __future__ import annotations

import functools
import importlib
import math
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import EXTENSION_SUFFIXES

import torch
import torch.nn.functional as F
from mmtrack.registry import MODELS
from torch import Tensor, nn

from ...token_linear import TokenLinear
from .bag_sampling import bag_deformable_sampling

# Reading up to this many rows for each token is less work than projecting every token. Measured on
# a CPU with C = 256, where the two break even between 30 and 40.
ROWS_PER_PROJECTED_TOKEN = 24


def naive_deformable_sampling(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values, one ``grid_sample`` per level: the reference form.

    Args:
        value: (B, S, heads, d), the tokens of all levels, level by level in row order.
        spatial_shapes: (height, width) of each level; they sum up to S.
        locations: (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.
            Outside of the map everything is zero.
        weights: (B, Q, heads, levels, points).

    Returns:
        (B, Q, heads * d).
    """
    batch, _, heads, depth = value.shape
    sampled = torch.stack(list(_sampled(value, spatial_shapes, locations)), dim=-2).flatten(-2)
    # (B * heads, d, Q, levels * points) times (B * heads, 1, Q, levels * points)
    weights = weights.transpose(1, 2).flatten(-2).flatten(0, 1)[:, None]
    output = (sampled * weights).sum(-1).view(batch, heads * depth, locations.shape[1])
    return output.transpose(1, 2).to(value.dtype).contiguous()


def levelwise_deformable_sampling(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Compute :func:`naive_deformable_sampling` level after level, with less to be put together.

    The form of exported graphs, whose runtimes would copy the samples of all levels.
    """
    heads, depth = value.shape[2:]
    by_level = weights.transpose(1, 2).flatten(0, 1)[:, None].unbind(-2)
    sampled = _sampled(value, spatial_shapes, locations)
    parts = [(maps * level).sum(-1) for maps, level in zip(sampled, by_level)]
    output = sum(parts[1:], parts[0])
    return output.reshape(-1, heads * depth, locations.shape[1]).transpose(1, 2)


def _level_sizes(spatial_shapes: tuple[tuple[int, int], ...], like: Tensor) -> Tensor:
    """Return (width, height) of each level, (levels, 2), on the device of ``like``, its dtype."""
    if torch.compiler.is_compiling() or torch.onnx.is_in_onnx_export():
        return like.new_tensor([[width, height] for height, width in spatial_shapes])
    return _kept_level_sizes(spatial_shapes, like.device, like.dtype)


@functools.lru_cache(64)
@torch.inference_mode(False)
def _kept_level_sizes(
    spatial_shapes: tuple[tuple[int, int], ...], device: torch.device, dtype: torch.dtype
) -> Tensor:
    """Keep them where they are needed: a copy to a GPU makes every layer wait for it."""
    sizes = [[width, height] for height, width in spatial_shapes]
    return torch.tensor(sizes, device=device, dtype=dtype)


def _sampled(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], locations: Tensor
) -> Iterator[Tensor]:
    """Yield the samples of each level, (B * heads, d, Q, points)."""
    # -1 for the batch: a graph that is traced for export is then for any number of frames.
    depth = value.shape[3]
    grids = (2 * locations - 1).transpose(1, 2).flatten(0, 1)
    levels = value.split([height * width for height, width in spatial_shapes], dim=1)
    for level, (tokens, shape) in enumerate(zip(levels, spatial_shapes)):
        maps = tokens.flatten(2).transpose(1, 2).reshape(-1, depth, *shape)
        yield F.grid_sample(
            maps.to(grids.dtype),
            grids[:, :, level],
            mode='bilinear',
            padding_mode='zeros',
            align_corners=False,
        )


@functools.cache
def compiled_sampling() -> Callable | None:
    """Return mmcv's CUDA operator, where a full mmcv brings it.

    Returns:
        The autograd function's ``apply``. None where ``mmcv._ext`` is missing, or
        is the pure Python one that this project installs.
    """
    try:
        extension = importlib.import_module('mmcv._ext')
        if not str(extension.__file__).endswith(tuple(EXTENSION_SUFFIXES)):
            return None
        from mmcv.ops.multi_scale_deform_attn import MultiScaleDeformableAttnFunction
    except ImportError:
        return None
    return MultiScaleDeformableAttnFunction.apply


def compiled_deformable_sampling(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Compute :func:`naive_deformable_sampling` by mmcv's CUDA operator, in float32.

    Raises:
        RuntimeError: mmcv has no compiled operators.
    """
    sampling = compiled_sampling()
    if sampling is None:
        raise RuntimeError('mmcv has no compiled operator here: use naive_deformable_sampling')
    shapes = torch.tensor(spatial_shapes, device=value.device)
    starts = torch.cat((shapes.new_zeros(1), shapes.prod(1).cumsum(0)[:-1]))
    arguments = [tensor.float().contiguous() for tensor in (locations, weights)]
    with torch.autocast(value.device.type, enabled=False):
        output = sampling(value.float().contiguous(), shapes, starts, *arguments, len(value))
    return output.to(value.dtype)


@functools.cache
def triton_sampling() -> Callable[..., Tensor] | None:
    """Return this project's Triton kernels, after a trial on the GPU.

    Returns:
        A form with the arguments of :func:`naive_deformable_sampling`. None where
        ``VSD_MOT_TRITON=0`` forbids them; None with a warning where they do not run, as without
        the package triton or the C compiler that it needs.

    Raises:
        Exception: ``VSD_MOT_TRITON=1`` asks for them and they do not run: whatever the reason is.
    """
    asked = os.environ.get('VSD_MOT_TRITON')
    if asked == '0':
        return None
    try:
        module = importlib.import_module('.triton_sampling', __package__)
        _compare_on_gpu(module.triton_deformable_sampling)
    except Exception as error:  # of the compiler, the driver, the loader of a library
        if asked == '1':
            raise
        reason = (str(error).splitlines() or [''])[0]
        warnings.warn(
            f'the Triton kernels of deformable attention do not run here, PyTorch takes longer '
            f'({type(error).__name__}: {reason}); VSD_MOT_TRITON=0 leaves the trial out',
            stacklevel=2,
        )
        return None
    return module.triton_deformable_sampling


def _compare_on_gpu(form: Callable[..., Tensor]) -> None:
    """Try a form on four tokens.

    Raises:
        RuntimeError: It gives something else than the naive form.
    """
    value = torch.arange(8.0, device='cuda').view(1, 4, 1, 2)
    locations = torch.linspace(0, 1, 6, device='cuda').view(1, 3, 1, 1, 1, 2)
    arguments = dict(locations=locations, weights=torch.ones(1, 3, 1, 1, 1, device='cuda'))
    sampled = form(value, [(2, 2)], **arguments)
    if not torch.allclose(sampled, naive_deformable_sampling(value, [(2, 2)], **arguments)):
        raise RuntimeError('they give other values than PyTorch')


def sampling_form(value: Tensor) -> Callable[..., Tensor]:
    """Return the fastest form for this tensor.

    On the CPU embedding bags: some twenty times faster than the naive form forward, five times
    with the backward. On CUDA Triton kernels where they run, or mmcv's operator where there is one;
    else, and in a graph that ``torch.compile`` traces, the naive form, whose gathers and sum the
    compiler fuses. In an exported graph the same level by level: its operators are standard
    ones.

    Args:
        value: The value tokens.

    Returns:
        One of the forms, with the arguments of :func:`naive_deformable_sampling`.
    """
    if torch.onnx.is_in_onnx_export():
        return levelwise_deformable_sampling
    if torch.compiler.is_compiling():
        return naive_deformable_sampling
    if value.is_cuda:
        compiled = compiled_deformable_sampling if compiled_sampling() else None
        return triton_sampling() or compiled or naive_deformable_sampling
    return bag_deformable_sampling


def deformable_sampling(
    value: Tensor, spatial_shapes: Sequence[tuple[int, int]], *, locations: Tensor, weights: Tensor
) -> Tensor:
    """Weighted sum of sampled values; arguments and result of :func:`naive_deformable_sampling`."""
    return sampling_form(value)(value, spatial_shapes, locations=locations, weights=weights)


@MODELS.register_module()
class DeformableAttention(nn.Module):
    """Multi-scale deformable attention.

    No residual, no dropout and no normalisation: those belong to the layer that owns it.

    Args:
        embed_dims: Width C.
        num_heads: Attention heads; must divide ``embed_dims``.
        num_levels: Feature levels.
        num_points: Sampling points of each head on each level.

    Attributes:
        plain: Compute as the published code does: project all tokens, and sample by
            :func:`naive_deformable_sampling`. The benchmark's reference; False otherwise.
    """

    def __init__(
        self,
        embed_dims: int = 256,
        num_heads: int = 8,
        *,
        num_levels: int = 4,
        num_points: int = 4,
    ) -> None:
        super().__init__()
        if embed_dims % num_heads:
            raise ValueError(
                f'embed_dims ({embed_dims}) must be a multiple of num_heads ({num_heads})'
            )
        self.embed_dims = embed_dims
        self.num_heads = num_heads
        self.num_levels = num_levels
        self.num_points = num_points
        self.plain = False
        samples = num_heads * num_levels * num_points
        self.sampling_offsets = TokenLinear(embed_dims, samples * 2)
        self.attention_weights = TokenLinear(embed_dims, samples)
        self.value_proj = TokenLinear(embed_dims, embed_dims)
        self.output_proj = TokenLinear(embed_dims, embed_dims)
        self.init_weights()

    def init_weights(self) -> None:
        """Each head looks in a direction of its own, its points 1, 2, ... pixels away."""
        nn.init.zeros_(self.sampling_offsets.weight)
        angles = torch.arange(self.num_heads, dtype=torch.float32) * (2 * math.pi / self.num_heads)
        directions = torch.stack([angles.cos(), angles.sin()], dim=-1)
        # on the unit square instead of the unit circle: 8 heads hit the 8 neighbouring pixels
        directions = directions / directions.abs().amax(dim=-1, keepdim=True)
        steps = torch.arange(1, self.num_points + 1, dtype=torch.float32)
        grid = directions[:, None, None] * steps[:, None]
        with torch.no_grad():
            self.sampling_offsets.bias.copy_(grid.repeat(1, self.num_levels, 1, 1).flatten())
        nn.init.zeros_(self.attention_weights.weight)
        nn.init.zeros_(self.attention_weights.bias)
        for projection in (self.value_proj, self.output_proj):
            nn.init.xavier_uniform_(projection.weight)
            nn.init.zeros_(projection.bias)

    def sampling_locations(
        self, query: Tensor, reference_points: Tensor, spatial_shapes: Sequence[tuple[int, int]]
    ) -> Tensor:
        """Where each query looks.

        Args:
            query: (B, Q, C).
            reference_points: (B, Q, levels, 2) points, whose offsets are counted in
                pixels of the level, or (B, Q, 4) boxes (cx, cy, w, h), whose offsets are counted
                in half box sizes, ``num_points`` of them at the first initialisation.
            spatial_shapes: (height, width) of each level.

        Returns:
            (B, Q, heads, levels, points, 2), (x, y) in [0, 1] of the level.

        Raises:
            ValueError: The reference points have another shape.
        """
        batch, num_queries, _ = query.shape
        offsets = self.sampling_offsets(query).view(
            batch, num_queries, self.num_heads, self.num_levels, self.num_points, 2
        )
        if reference_points.shape == (batch, num_queries, self.num_levels, 2):
            sizes = _level_sizes(tuple(spatial_shapes), reference_points)[:, None]
            offsets = offsets.to(reference_points.dtype)
            if torch.onnx.is_in_onnx_export():  # has no such operator
                return reference_points[:, :, None, :, None] + offsets / sizes
            return torch.addcdiv(reference_points[:, :, None, :, None], offsets, sizes)
        if reference_points.shape == (batch, num_queries, 4):
            centres, sizes = reference_points[:, :, None, None, None].split(2, dim=-1)
            return centres + offsets / self.num_points * sizes * 0.5
        raise ValueError(
            f'reference_points must be ({batch}, {num_queries}, {self.num_levels}, 2) points or '
            f'({batch}, {num_queries}, 4) boxes, got {tuple(reference_points.shape)}'
        )

    def forward(
        self,
        query: Tensor,
        reference_points: Tensor,
        value: Tensor,
        *,
        spatial_shapes: Sequence[tuple[int, int]],
        padding_mask: Tensor | None = None,
    ) -> Tensor:
        """Attend from each query to a few points around its reference.

        Args:
            query: (B, Q, C), positional encoding included.
            reference_points: (B, Q, levels, 2) or (B, Q, 4), see
                :meth:`sampling_locations`. In units of the padded maps.
            value: (B, S, C), the tokens of all levels, without positional encoding.
            spatial_shapes: (height, width) of each level.
            padding_mask: bool (B, S), True at padding, which then counts as zero.

        Returns:
            (B, Q, C).

        Raises:
            ValueError: Shapes that do not belong together.
        """
        batch, num_queries, _ = query.shape
        num_tokens = sum(h * w for h, w in spatial_shapes)
        if len(spatial_shapes) != self.num_levels or value.shape[1] != num_tokens:
            raise ValueError(
                f'{value.shape[1]} tokens do not fill the {self.num_levels} levels {spatial_shapes}'
            )
        weights = self.attention_weights(query).view(
            batch, num_queries, self.num_heads, self.num_levels * self.num_points
        )
        weights = weights.softmax(-1).unflatten(-1, (self.num_levels, self.num_points))
        locations = self.sampling_locations(query, reference_points, spatial_shapes)
        sampled_rows = num_queries * self.num_heads * self.num_levels * self.num_points * 4
        many = self.plain or sampled_rows > ROWS_PER_PROJECTED_TOKEN * num_tokens
        sample = self.sample_projected if many else self.project_sampled
        output = sample(
            value, spatial_shapes, locations=locations, weights=weights, padding_mask=padding_mask
        )
        return self.output_proj(output)

    def sample_projected(
        self,
        value: Tensor,
        spatial_shapes: Sequence[tuple[int, int]],
        *,
        locations: Tensor,
        weights: Tensor,
        padding_mask: Tensor | None,
    ) -> Tensor:
        """Project all tokens, then sample each head's part of them; (B, Q, C)."""
        value = self.value_proj(value)
        if padding_mask is not None:
            value = value.masked_fill(padding_mask[..., None], 0.0)
        value = value.unflatten(-1, (self.num_heads, self.embed_dims // self.num_heads))
        sampling = naive_deformable_sampling if self.plain else deformable_sampling
        return sampling(value, spatial_shapes, locations=locations, weights=weights)

    def project_sampled(
        self,
        value: Tensor,
        spatial_shapes: Sequence[tuple[int, int]],
        *,
        locations: Tensor,
        weights: Tensor,
        padding_mask: Tensor | None,
    ) -> Tensor:
        """Sample the tokens for each head, then project the samples; (B, Q, C).

        The same by linearity, and much less work when few queries look at many tokens. The bias
        counts as far as the samples lie within the map.
        """
        # each head of a query becomes a query of one head that is C wide
        locations = locations.flatten(1, 2)[:, :, None]
        weights = weights.flatten(1, 2)[:, :, None]
        inside = value.new_ones(*value.shape[:2], 1)
        if padding_mask is not None:
            value = value.masked_fill(padding_mask[..., None], 0.0)
            inside = inside.masked_fill(padding_mask[..., None], 0.0)
        sampled = deformable_sampling(
            value[:, :, None], spatial_shapes, locations=locations, weights=weights
        )
        coverage = deformable_sampling(
            inside[:, :, None], spatial_shapes, locations=locations, weights=weights
        )
        heads = (self.num_heads, self.embed_dims // self.num_heads)
        projected = torch.einsum(
            'bqhc,hdc->bqhd',
            sampled.unflatten(1, (-1, self.num_heads)),
            self.value_proj.weight.unflatten(0, heads),
        )
        bias = coverage.unflatten(1, (-1, self.num_heads)) * self.value_proj.bias.view(heads)
        return (projected + bias).flatten(2)
