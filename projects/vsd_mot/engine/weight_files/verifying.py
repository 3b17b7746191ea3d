"""Look at a file of weights: data alone, whole, finite, of which model, and the published one?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from ...errors import CheckpointError
from ...fileio import file_sha256
from ..checkpoint_content import as_data
from ..conversion.reading import ConversionError, read_content, weights_in
from ..model_card import ModelCard, card_from, entry_line
from .catalogue import PublishedWeights, catalogue
from .kinds import Kind, kind_of


@dataclass(frozen=True)
class Verified:
    """A file of weights that is data alone, whole and finite.

    Attributes:
        path: The file.
        sha256: Hexadecimal.
        tensors: How many weights it has by name.
        numbers: How many numbers these hold.
        types: Their types, such as float32.
        kind: Of which model; None for one that is not known here.
        published: The entry of the table that it is, by its digest.
        namesake: The entry of the table that has its name, where no digest is published.
        packed_from: The entry of the table that it was packed or converted from, by the digest
            that its card has of the source.
        card: What it says of itself.
    """

    path: Path
    sha256: str
    tensors: int
    numbers: int
    types: tuple[str, ...]
    kind: Kind | None
    published: PublishedWeights | None
    namesake: PublishedWeights | None
    packed_from: PublishedWeights | None
    card: ModelCard

    def report(self) -> str:
        """Return it in words."""
        lines = [
            str(self.path),
            f'  sha256   {self.sha256}',
            f'  weights  {self.tensors} tensors, {self.numbers / 1e6:.2f} M numbers '
            f'({", ".join(self.types)}), all finite',
            f'  model    {self.kind.name if self.kind else "not one that is known here"}',
            f'  table    {self._in_table()}',
        ]
        for name, value in self.card.entries().items():
            lines.append(f'  card     {name}: {entry_line(name, value)}')
        if self.kind and self.kind.layout:
            lines.append(
                f'  next     vsd-mot convert weights {self.kind.layout} {self.path} CONVERTED.pth'
            )
        return '\n'.join(lines)

    def _in_table(self) -> str:
        if self.published is not None:
            return f'it is {self.published.name}, as published'
        if self.packed_from is not None:
            return f'made from {self.packed_from.name}, as its card says'
        if self.namesake is not None:
            return f'named as {self.namesake.name}, of which no checksum is published'
        return 'not in it'


def verify(path: str | Path) -> Verified:
    """Look at a file of weights.

    Args:
        path: Of PyTorch, safetensors, or a TorchScript archive. It is read as data alone.

    Raises:
        CheckpointError: It is damaged or more than data, a weight is not finite, or it has the
            name of a file of the table and is another one.
        OSError: It cannot be read.
    """
    path = Path(path)
    try:
        content = read_content(path)
        weights = weights_in(content, path)
        # The host looks for weights at the top and under state_dict; others have them elsewhere.
        as_data(dict(state_dict=weights))
    except ConversionError as error:
        raise CheckpointError(str(error)) from error
    except ValueError as error:
        raise CheckpointError(f'{path}: {error}') from error
    digest = file_sha256(path)
    same = next((one for one in catalogue().values() if _is_digest_of(digest, one)), None)
    namesake = next((one for one in catalogue().values() if one.file == path.name), None)
    if same is None and namesake is not None and namesake.sha256 is not None:
        raise CheckpointError(
            f'{path} has the name of {namesake.name}, but is another file: its SHA-256 '
            f'is {digest}, published is {namesake.sha256}'
        )
    card = card_of(content, path)
    origin = card.source_sha256
    return Verified(
        path=path,
        sha256=digest,
        tensors=len(weights),
        numbers=sum(weight.numel() for weight in weights.values()),
        types=tuple(sorted({str(one.dtype).removeprefix('torch.') for one in weights.values()})),
        kind=kind_of(weights),
        published=same,
        namesake=namesake,
        packed_from=next(
            (one for one in catalogue().values() if origin and _is_digest_of(origin, one)), None
        ),
        card=card,
    )


def meta_of(content: Any) -> Mapping[str, Any]:
    """Return the `meta` in the content of a checkpoint, empty where there is none."""
    meta = content.get('meta') if isinstance(content, Mapping) else None
    return {} if meta is None or isinstance(meta, Tensor) else meta


def card_of(content: Any, path: str | Path) -> ModelCard:
    """Return the card in the content of a checkpoint, an empty one where there is none.

    Raises:
        CheckpointError: It is damaged.
    """
    try:
        return card_from(meta_of(content).get('card', {}), str(path))
    except ValueError as error:
        raise CheckpointError(str(error)) from error


def _is_digest_of(digest: str, entry: PublishedWeights) -> bool:
    return entry.sha256 is not None and digest.startswith(entry.sha256)
