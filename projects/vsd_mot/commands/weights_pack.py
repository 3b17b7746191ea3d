"""Pack weights as safetensors with a model card, or back as .pth."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..engine.configs import load_config
from ..engine.model_card import ModelCard, entry_line
from ..engine.weight_files.packing import pack
from .user_errors import one_line_errors

parse_args = parser_of('weights_pack')


@one_line_errors('weights pack')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    card = ModelCard(
        config=load_config(options.config).pretty_text if options.config else None,
        classes=tuple(options.classes or ()),
        data=options.data,
        licence=options.licence,
    )
    packed = pack(options.source, options.out, card)
    print(f'written to {options.out}: {packed.tensors} weights, with a card of')
    for name, value in packed.card.entries().items():
        print(f'  {name}: {entry_line(name, value)}')
    if packed.left_out:
        print(f'left out: {", ".join(packed.left_out)}')
