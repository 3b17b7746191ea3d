"""Which object has which place in which group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class ObjectGroup:
    """Objects that share a label map and a memory.

    Attributes:
        slots: Identity of each place, place 1 first; None where the object is gone. A place is
            never given anew: the memory still knows its former object by it.
        capacity: How many places there are.
    """

    capacity: int
    slots: list[int | None] = field(default_factory=list)

    @property
    def free(self) -> int:
        """How many more objects it takes."""
        return self.capacity - len(self.slots)

    @property
    def living(self) -> dict[int, int]:
        """Identity to place, from 1."""
        return {one: place for place, one in enumerate(self.slots, start=1) if one is not None}


class ObjectTable:
    """The objects of a video in groups of at most ``capacity``.

    Args:
        capacity: Greatest number of objects of a group.

    Attributes:
        groups: The groups, the oldest first.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.groups: list[ObjectGroup] = []

    @property
    def identities(self) -> list[int]:
        """Identities of all living objects, group by group."""
        return [one for group in self.groups for one in group.living]

    def open(self, identities: Sequence[int]) -> list[ObjectGroup]:
        """Give new objects a place: in groups that have some left, then in new groups.

        Args:
            identities: Integers that no living object has.

        Returns:
            The groups that got an object.

        Raises:
            ValueError: An identity stands twice, or a living object has it.
        """
        in_use = set(self.identities)
        twice = [
            one for place, one in enumerate(identities) if one in {*in_use, *identities[:place]}
        ]
        if twice:
            raise ValueError(f'objects {twice} are being followed already, or stand here twice')
        waiting, changed = list(identities), []
        while waiting:
            group = next((one for one in self.groups if one.free), None)
            if group is None:
                group = ObjectGroup(self.capacity)
                self.groups.append(group)
            count = group.free
            group.slots += waiting[:count]
            waiting = waiting[count:]
            changed.append(group)
        return changed

    def close(self, identities: Iterable[int]) -> list[ObjectGroup]:
        """Take objects out; those not known are passed over.

        Returns:
            The groups that have no object any more; they are taken out, too.
        """
        removed = set(identities)
        for group in self.groups:
            group.slots = [None if one in removed else one for one in group.slots]
        empty = [group for group in self.groups if not group.living]
        self.groups = [group for group in self.groups if group.living]
        return empty
