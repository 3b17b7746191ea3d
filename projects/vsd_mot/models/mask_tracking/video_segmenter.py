"""Follow the objects of one video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .frame_masks import FrameMasks
from .frame_size import size_of
from .labels import aggregate, close_channels, enlarge, shrink_labels
from .memory import MemorySettings, ObjectMemory
from .memory_frames import LayerKeys
from .object_table import ObjectGroup, ObjectTable
from .propagation import MaskFeatures
from .vmos import VMOS


@dataclass
class Followed:
    """A group of objects with its memory, and what the present frame's pass left to remember."""

    group: ObjectGroup
    memory: ObjectMemory
    keys: list[LayerKeys] | None = None


class VideoSegmenter:
    """The objects of one video, their memories, and the steps of a frame.

    A frame goes: :meth:`segment` the known objects, let the caller add and remove objects, then
    :meth:`remember` the frame.

    Args:
        vmos: The network; it is shared and keeps nothing.
        settings: Of the memory, in frames.
        max_objects_per_group: Objects of a group share a label map and a memory, and compete for
            every pixel. 1 follows each one separately, at a cost that grows with their number;
            HQTrack found joint tracking better.

    Attributes:
        features: Of the frame that :meth:`segment` saw last.
        network_size: (h, w) of its network input.
    """

    features: MaskFeatures
    network_size: tuple[int, int]

    def __init__(
        self, vmos: VMOS, settings: MemorySettings, max_objects_per_group: int = 10
    ) -> None:
        if not 1 <= max_objects_per_group <= vmos.max_objects:
            raise ValueError(
                f'max_objects_per_group must be in 1..{vmos.max_objects}, the number of '
                f'identities of the network, got {max_objects_per_group}'
            )
        self.vmos = vmos
        self.settings = settings
        self.table = ObjectTable(max_objects_per_group)
        self.followed: list[Followed] = []
        self.frame = -1
        self.logits: list[Tensor] = []

    @torch.no_grad()
    def segment(self, image: Tensor, size: tuple[int, int]) -> FrameMasks:
        """Find the known objects in the next frame.

        Args:
            image: ``(3, h, w)`` network input.
            size: (H, W) of the original picture.

        Returns:
            Their masks at that size.
        """
        self.frame += 1
        self.network_size = size_of(image)
        self.features = self.vmos.encode(image[None])
        self.logits = [self._propagate(one) for one in self.followed]
        return self._masks(size)

    def _propagate(self, followed: Followed) -> Tensor:
        """Logits ``(1 + places in use, h, w)`` of a group; places of gone objects compete too."""
        memory = followed.memory
        logits, followed.keys = self.vmos.propagate(self.features, memory.long, memory.short)
        return close_channels(logits[0], len(followed.group.slots))

    def _masks(self, size: tuple[int, int]) -> FrameMasks:
        if not self.followed:
            background = torch.zeros(size, dtype=torch.int64, device=self.features.coarse.device)
            return FrameMasks(background, [], background.new_zeros(0, dtype=torch.float32))
        counts = [1 + len(one.group.slots) for one in self.followed]
        used = [logits[:count] for logits, count in zip(self.logits, counts)]
        # Softmax may round two logits to one probability: the label is that of the logits.
        large = [enlarge(logits, size) for logits in used]
        probabilities = aggregate(large)
        if len(large) == 1:
            labels = large[0].argmax(dim=0)
            best = probabilities.gather(0, labels[None])[0]
        else:
            best, labels = probabilities.max(dim=0)
        slots = [one for followed in self.followed for one in followed.group.slots]
        identities = [one for one in slots if one is not None]
        # A gone object takes its pixels with it: they become background.
        position = {one: place for place, one in enumerate(identities, start=1)}
        places = (0 if one is None else position[one] for one in slots)
        rows = torch.tensor([0, *places], device=labels.device)
        labels = rows[labels]
        count = len(identities) + 1
        pixels = torch.bincount(labels.flatten(), minlength=count)
        sums = torch.bincount(labels.flatten(), best.flatten().double(), minlength=count)
        scores = (sums / pixels.clamp(min=1))[1:].to(best.dtype)
        return FrameMasks(labels, identities, scores)

    @torch.no_grad()
    def remember(
        self,
        predicted: FrameMasks,
        new_masks: Mapping[int, Tensor] | None = None,
        *,
        long: bool = True,
        short: bool = True,
    ) -> FrameMasks:
        """Take the frame into the memories.

        Groups that get a new object take the frame as a reference, with the masks found of
        their other objects; their short-term memory begins anew.

        Args:
            predicted: Of :meth:`segment`.
            new_masks: ``(H, W)`` bool mask of each new object by its identity. A new object takes
                pixels from known ones; of several new ones the first has them.
            long: Whether the frame may go into the long-term memory, where it is no reference.
            short: Whether it may go into the short-term memory, where it is no reference.

        Returns:
            The masks of all objects, new ones too.

        Raises:
            ValueError: A mask has another size than the picture, or the frame is remembered twice.
        """
        merged = self._with_new_objects(predicted, new_masks or {})
        labels = shrink_labels(merged.labels, self.network_size)
        changed = self.table.open(list(new_masks or {}))
        for group in changed:
            if all(one.group is not group for one in self.followed):
                self.followed.append(Followed(group, ObjectMemory(self.settings)))
        for followed in self.followed:
            hot = self._one_hot(labels, merged.identities, followed.group)
            if any(followed.group is one for one in changed):
                _, memory = self.vmos.reference(self.features, hot)
                followed.memory.refer(self.frame, memory)
            elif followed.keys is None:
                raise ValueError('a frame is remembered once, after find: call find first')
            else:
                memory = self.vmos.remember(followed.keys, hot)
                followed.memory.update(self.frame, memory, long=long, short=short)
            followed.keys = None
        return merged

    def _with_new_objects(
        self, predicted: FrameMasks, new_masks: Mapping[int, Tensor]
    ) -> FrameMasks:
        labels = predicted.labels.clone()
        # From the last to the first, so that the first keeps what several want.
        for place, mask in reversed(
            list(enumerate(new_masks.values(), len(predicted.identities) + 1))
        ):
            if mask.shape != labels.shape:
                raise ValueError(
                    f'the mask of a new object is {tuple(mask.shape)}, the picture '
                    f'{tuple(labels.shape)} (height, width): they must be equal'
                )
            labels[mask.to(labels.device, torch.bool)] = place
        scores = torch.cat((predicted.scores, predicted.scores.new_ones(len(new_masks))))
        return FrameMasks(labels, [*predicted.identities, *new_masks], scores)

    def _one_hot(self, labels: Tensor, identities: Sequence[int], group: ObjectGroup) -> Tensor:
        """Return the label map as a group sees it: other groups' objects are background."""
        places = group.living
        rows = torch.tensor([0, *(places.get(one, 0) for one in identities)], device=labels.device)
        return self.vmos.identity_bank.one_hot(rows[labels][None], self.features.coarse.dtype)

    def close(self, identities: Sequence[int]) -> None:
        """Stop following objects; a group without objects is forgotten with its memory."""
        empty = self.table.close(identities)
        self.followed = [
            one for one in self.followed if all(one.group is not group for group in empty)
        ]
