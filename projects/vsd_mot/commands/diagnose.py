"""Say why a video tracks badly: its faults, the worst first, what they cost, and what to do."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence

import numpy as np
import torch
from mmengine.registry import init_default_scope
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

from vsd_mot_cli import parser_of

from ..engine.configs import proposal_detector
from ..evaluation.robustness import RobustnessResults
from ..evaluation.video_diagnosis import as_dict, as_text, find_faults, measure_video
from ..evaluation.video_diagnosis.expectation import losses_of
from ..evaluation.video_diagnosis.measuring import Detect
from ..evaluation.video_diagnosis.page import as_page
from ..fileio import require_writable, safe_name, write_atomically
from ..models.frames import FrameBatch
from ..video.reader import open_source
from .user_errors import one_line_errors

parse_args = parser_of('diagnose')


def people_detector(config: str, checkpoint: str) -> Detect:
    """Build what finds people in a picture."""
    register_all_modules(init_default_scope=False)
    init_default_scope('mmtrack')
    detector = MODELS.build(proposal_detector(config, checkpoint)).eval()

    def detect(picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        raw = torch.from_numpy(np.ascontiguousarray(picture[..., ::-1].transpose(2, 0, 1)))[None]
        ((boxes, scores),) = detector(FrameBatch(raw.float(), raw, [(height, width)]))
        sure = boxes[scores > 0.5] * boxes.new_tensor([width, height, width, height])
        centre, size = sure[:, :2], sure[:, 2:]
        return torch.cat((centre - size / 2, centre + size / 2), dim=1).cpu().numpy()

    return detect


@one_line_errors('diagnose', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    losses = None
    if options.out is not None:
        require_writable(options.out / '.trial')
    if options.robustness is not None:
        if not options.robustness.is_file():
            raise FileNotFoundError(f'there is no {options.robustness}')
        losses = losses_of(RobustnessResults(options.robustness))
    detect = people_detector(*options.detector) if options.detector else None
    with contextlib.closing(open_source(options.input, fps=options.fps)) as source:
        facts = measure_video(
            source, pictures=options.pictures, limit=options.max_frames, detect=detect
        )
    report = as_dict(facts, find_faults(facts), losses)
    text = as_text(report)
    print(text)
    if options.out is None:
        return
    name = safe_name(facts.name, 'the name of the source')
    write_atomically(options.out / f'{name}.txt', text + '\n')
    write_atomically(options.out / f'{name}.json', json.dumps(report, indent=2) + '\n')
    write_atomically(options.out / f'{name}.html', as_page(report, facts))
    print(f'written to {options.out}: {name}.txt, {name}.json, {name}.html')
