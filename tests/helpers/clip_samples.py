"""Models of open_clip of RN50's and ViT's kind that take milliseconds."""

import json
from pathlib import Path

import open_clip

SMALL_RESNET = dict(layers=[1, 1, 1, 1], width=8, head_width=8, image_size=64, patch_size=None)
SMALL_VIT = dict(layers=2, width=32, head_width=8, image_size=64, patch_size=16)


def add_small_clips(folder: Path) -> None:
    """Let open_clip know 'small-resnet' and 'small-vit', with embeddings of 24."""
    text = dict(context_length=4, vocab_size=16, width=8, heads=1, layers=1)
    for name, vision in (('small-resnet', SMALL_RESNET), ('small-vit', SMALL_VIT)):
        config = dict(embed_dim=24, vision_cfg=vision, text_cfg=text)
        (folder / f'{name}.json').write_text(json.dumps(config))
    open_clip.add_model_config(folder)
