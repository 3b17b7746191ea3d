"""From a checkpoint to safetensors with a model card, and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import CheckpointError
from ...fileio import file_sha256
from ..configs import stored_class_names
from ..conversion.reading import ConversionError, read_content, weights_in
from ..model_card import ModelCard, card_from
from ..weight_writing import plain_meta, require_ending, write_weights
from .verifying import card_of, meta_of


@dataclass(frozen=True)
class Packed:
    """A file that was packed.

    Attributes:
        tensors: How many weights it has.
        card: What it says of itself.
        left_out: What the source has beside weights that is not in it.
    """

    tensors: int
    card: ModelCard
    left_out: tuple[str, ...]


def pack(source: str | Path, target: str | Path, card: ModelCard) -> Packed:
    """Write the weights of a file, with a card, in the form that the ending of the target says.

    The weights keep names, types and values. What only a training needs stays behind.

    Args:
        source: A checkpoint of PyTorch, safetensors, or a TorchScript archive.
        target: ``.safetensors``, ``.pth`` or ``.pt``.
        card: What is said in it counts before the card and the classes that the source has. Where
            the source itself was packed, its own source stays on the card.

    Raises:
        CheckpointError: The source is damaged or more than data, or the target cannot hold it.
        OSError: One of them cannot be read or written.
    """
    source, target = Path(source), Path(target)
    require_ending(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise CheckpointError(f'{target} is the source itself: name another file')
    try:
        content = read_content(source)
        weights = weights_in(content, source)
    except ConversionError as error:
        raise CheckpointError(str(error)) from error
    meta = meta_of(content)
    kept = plain_meta({name: value for name, value in meta.items() if name != 'card'})
    origin = ModelCard(source=source.name, source_sha256=file_sha256(source))
    cards = (origin, ModelCard(classes=stored_class_names(kept)), card_of(content, source), card)
    said = {name: value for one in cards for name, value in one.entries().items()}
    whole = card_from(said, str(source))
    write_weights(target, weights, dict(kept, card=whole.entries()))
    parts = () if weights is content else tuple(content)
    return Packed(
        tensors=len(weights),
        card=whole,
        left_out=(
            *(name for name in parts if name not in ('state_dict', 'model', 'meta')),
            *(f'meta.{name}' for name in meta if name not in kept and name != 'card'),
        ),
    )
