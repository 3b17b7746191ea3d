"""Gated propagation: looks and identities go from remembered frames to the present one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import StochasticDepth

from ..token_linear import TokenLinear
from .attention import global_attention, local_attention
from .memory_frames import LayerKeys, LayerMemory


class PropagatedFrame(NamedTuple):
    """A frame after a layer.

    Attributes:
        visual: ``(B, N, d)`` visual branch.
        identity: ``(B, N, d)`` identity branch.
        keys: Of the frame, for :meth:`GatedPropagation.remember`.
    """

    visual: Tensor
    identity: Tensor
    keys: LayerKeys


class GatedPropagation(nn.Module):
    """Gated propagation module of DeAOT (Yang and Yang, NeurIPS 2022, section 4.2).

    Two branches, what the frame looks like and which object is where, share their attention maps:
    over all places of the long-term memory, over a window in the short-term memory, and over
    the frame itself. One head; keys have half the width of the model, values twice.

    Args:
        channels: Width d of both branches; even.
        first: Whether it is the first layer, in which nothing is known of identities yet.
        window: Side of the short-term window in places, odd. Objects that move farther between the
            two frames are found by the long-term memory alone. A larger window follows faster
            motion, at a cost that grows with its square.
        drop_path: Rate of stochastic depth of the self-propagation in training. Raising it
            regularises more.
        dropout: Rate of dropped channels after the depthwise convolutions in training. Raising it
            regularises more.
    """

    def __init__(
        self,
        channels: int,
        *,
        first: bool = False,
        window: int = 15,
        drop_path: float = 0.1,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.channels = channels
        self.key_width, self.value_width = channels // 2, 2 * channels
        self.norm = nn.LayerNorm(channels)
        self.to_keys_values = TokenLinear(channels, self.key_width + self.value_width)
        self.to_gate = TokenLinear(channels, self.value_width)
        self.identity_norm = None if first else nn.LayerNorm(channels)
        self.identity_gate = None if first else TokenLinear(channels, self.value_width)
        self.identity_values = TokenLinear(channels if first else 2 * channels, self.value_width)
        self.relative = nn.Conv2d(self.key_width, window**2, 1)
        self.long_output = GatedOutput(channels, dropout)
        self.short_output = GatedOutput(channels, dropout)
        self.self_propagation = SelfPropagation(channels, dropout)
        self.self_norm = nn.LayerNorm(channels)
        self.self_identity_norm = nn.LayerNorm(channels)
        self.drop_path = StochasticDepth(drop_path, 'row')
        for weight in self.parameters():
            if weight.dim() == 2:
                nn.init.xavier_uniform_(weight)

    def forward(
        self,
        visual: Tensor,
        identity: Tensor | None,
        size: tuple[int, int],
        *,
        memory: tuple[LayerMemory, LayerMemory] | None = None,
        embedding: Tensor | None = None,
    ) -> PropagatedFrame:
        """Propagate to a frame.

        Args:
            visual: ``(B, N, d)`` visual branch.
            identity: ``(B, N, d)`` identity branch; None in the first layer.
            size: (H, W) of the map, N = H * W.
            memory: Long-term and short-term memory to read from.
            embedding: ``(B, N, d)`` identities of this very frame, instead of ``memory``: a
                reference pass, in which the frame reads itself.

        Returns:
            Both branches, and the frame's keys.

        Raises:
            ValueError: There is nothing to read from, or the first layer gets identities.
        """
        gate, frame = self.describe(visual, identity)
        if embedding is not None:
            long = short = self.remember(frame, embedding)
        elif memory is not None:
            long, short = memory
        else:
            raise ValueError('a layer reads from memory or from embedding: give one of them')
        read = global_attention(frame.keys, long.keys, long.values)
        update = self.long_output(read, gate, size)
        read = local_attention(
            frame.keys, short.keys, short.values, relative=self.bias(frame.keys), size=size
        )
        update = update + self.short_output(read, gate, size)
        visual = visual + update[..., : self.channels]
        identity = update[..., self.channels :] + (0 if identity is None else identity)
        normed = self.self_norm(visual), self.self_identity_norm(identity)
        update = self.drop_path(self.self_propagation(*normed, size))
        return PropagatedFrame(
            visual + update[..., : self.channels], identity + update[..., self.channels :], frame
        )

    def describe(self, visual: Tensor, identity: Tensor | None) -> tuple[Tensor, LayerKeys]:
        """Return the gate ``(B, N, 2 e)``, in the first layer ``(B, N, e)``, and the keys."""
        normed = self.norm(visual)
        widths = self.key_width, self.value_width
        keys, values = self.to_keys_values(normed).split(widths, dim=-1)
        gate, context = self.to_gate(normed), None
        if identity is not None:
            if self.identity_norm is None or self.identity_gate is None:
                raise ValueError('the first layer takes no identity branch: it begins there')
            context = self.identity_norm(identity)
            gate = torch.cat((gate, self.identity_gate(context)), dim=-1)
        return F.silu(gate), LayerKeys(keys, F.silu(values), context)

    def remember(self, frame: LayerKeys, embedding: Tensor) -> LayerMemory:
        """Join a frame's keys with the identities found in it.

        Args:
            frame: Of :meth:`forward`.
            embedding: ``(B, N, d)`` identities of the frame.
        """
        known = embedding
        if frame.context is not None:
            known = torch.cat((frame.context, embedding), dim=-1)
        identities = F.silu(self.identity_values(known))
        return LayerMemory(frame.keys, torch.cat((frame.values, identities), dim=-1))

    def bias(self, keys: Tensor) -> Tensor:
        """``(B, N, window^2)``: what a place prefers in its window, whatever is there."""
        return F.linear(keys, self.relative.weight.flatten(1), self.relative.bias)


class GatedOutput(nn.Module):
    """What comes after an attention: gate, depthwise 5 x 5 convolution, projection.

    Args:
        channels: Width d of the model; read values have 4 d channels, the output 2 d.
        dropout: Rate of dropped channels in training.
    """

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__()
        width = 4 * channels
        self.depthwise = nn.Conv2d(width, width, 5, padding=2, groups=width, bias=False)
        self.dropout = nn.Dropout2d(dropout)
        self.projection = TokenLinear(width, 2 * channels)

    def forward(self, read: Tensor, gate: Tensor, size: tuple[int, int]) -> Tensor:
        """Gate and mix what was read.

        Args:
            read: ``(B, N, 4 d)``.
            gate: ``(B, N, 4 d)``, or 2 d: of the first half, and the second passes.
            size: (H, W), N = H * W.

        Returns:
            ``(B, N, 2 d)``.
        """
        width = gate.shape[-1]
        if width == read.shape[-1]:
            gated = read * gate
        else:
            gated = torch.cat((read[..., :width] * gate, read[..., width:]), dim=-1)
        grid = gated.unflatten(1, size).permute(0, 3, 1, 2)
        mixed = self.dropout(self.depthwise(grid))
        return self.projection(mixed.flatten(2).transpose(1, 2))


class SelfPropagation(nn.Module):
    """Attention among the places of the frame itself; both branches join their keys.

    Args:
        channels: Width d of both branches.
        dropout: Rate of dropped channels in training.
    """

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__()
        width = 2 * channels
        self.to_keys = TokenLinear(2 * channels, channels // 2)
        self.visual_values = TokenLinear(channels, width)
        self.identity_values = TokenLinear(channels, width)
        self.visual_gate = TokenLinear(channels, width)
        self.identity_gate = TokenLinear(channels, width)
        self.output = GatedOutput(channels, dropout)

    def forward(self, visual: Tensor, identity: Tensor, size: tuple[int, int]) -> Tensor:
        """Update for both branches, ``(B, N, 2 d)``, from both ``(B, N, d)``."""
        keys = self.to_keys(torch.cat((visual, identity), dim=-1))
        values = (self.visual_values(visual), self.identity_values(identity))
        gate = (self.visual_gate(visual), self.identity_gate(identity))
        read = global_attention(keys, keys, F.silu(torch.cat(values, dim=-1)))
        return self.output(read, F.silu(torch.cat(gate, dim=-1)), size)
