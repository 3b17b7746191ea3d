"""Convert a published checkpoint to ours; every key is used, or listed with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from vsd_mot_cli import parser_of

from ..engine.configs import find_config_file
from ..engine.conversion import (
    Conversion,
    ConversionError,
    build_model,
    convert_deformable_detr,
    convert_hqtrack,
    convert_intern_image,
    convert_lg_mot,
    convert_lg_mot_without_prompts,
    convert_motrv2,
    convert_vse_mot,
    read_checkpoint,
    save_checkpoint,
)
from ..engine.weight_writing import require_ending
from .user_errors import one_line_errors


@dataclass(frozen=True)
class Layout:
    """A published layout that can be converted.

    Attributes:
        convert: From the published state dict and ours to the conversion.
        config: Config of our model, below ``configs/``.
    """

    convert: Callable[[dict[str, Tensor], dict[str, Tensor]], Conversion]
    config: str


LAYOUTS = {
    'motrv2': Layout(convert_motrv2, '_base_/models/motrv2_r50.py'),
    'vse_mot': Layout(convert_vse_mot, '_base_/models/vse_mot_r50_published.py'),
    'deformable_detr': Layout(convert_deformable_detr, '_base_/models/motrv2_r50.py'),
    'hqtrack': Layout(convert_hqtrack, '_base_/models/hqtrack_intern-t.py'),
    'intern_image': Layout(convert_intern_image, '_base_/models/hqtrack_intern-t.py'),
    'lg_mot': Layout(convert_lg_mot, '_base_/models/lg_mot.py'),
    'lg_mot_without_prompts': Layout(convert_lg_mot_without_prompts, '_base_/models/lg_mot.py'),
}


parse_args = parser_of('convert_weights')


@one_line_errors('convert_weights', ConversionError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    layout = LAYOUTS[options.layout]
    require_ending(options.dst)
    config = options.config or find_config_file(layout.config)
    if options.dst.exists() and options.dst.samefile(options.src):
        raise ConversionError(f'{options.dst} is the source itself: name another file')
    source = read_checkpoint(options.src)
    if not config.is_file():
        raise ConversionError(f'{config}: no such config')
    conversion = layout.convert(source, build_model(config).state_dict())
    save_checkpoint(conversion, options.src, options.dst)
    print(conversion.report())
    print(f'written to {options.dst}')
