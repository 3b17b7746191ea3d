"""Convert a published checkpoint to ours; every key is used, or listed with the reason.

The scripts of tools/model_converters name the layout themselves::

    python tools/model_converters/motrv2.py motrv2_dancetrack.pth checkpoints/motrv2_dancetrack.pth
    python tools/model_converters/vse_mot.py vse_mot_lqdancetrack.pth checkpoints/vse_mot.pth
    python tools/model_converters/deformable_detr.py \
        deformable_detr_refine_r50_16x2_50e_coco_20210419_220503-5f5dff21.pth checkpoints/coco.pth
    python tools/model_converters/hqtrack.py save_step_42000.pth checkpoints/hqtrack.pth
    python tools/model_converters/intern_image.py internimage_t_1k_224.pth checkpoints/intern_t.pth
    python tools/model_converters/lg_mot.py lgmot_mot17.pth checkpoints/lgmot_mot17.pth
    python tools/model_converters/lg_mot_without_prompts.py baseline.pth checkpoints/baseline.pth
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

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
from .command_line import command_parser
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


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('layout', choices=LAYOUTS, help='of the published checkpoint')
    parser.add_argument('src', type=Path, help='the published checkpoint')
    parser.add_argument('dst', type=Path, help='the file to write; must not be SRC')
    parser.add_argument(
        '--config', type=Path, help='config of our model, in place of the usual one'
    )
    return parser.parse_args(args)


@one_line_errors('convert_weights', ConversionError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    layout = LAYOUTS[options.layout]
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
