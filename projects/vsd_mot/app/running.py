"""What the button "Track" does: from the fields of the page to a run, and back."""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import TrackingError
from .model_choice import ModelChoice
from .tabs import Tabs
from .tracking import Outcome, Settings, track_upload
from .uploads import Limits

FAULT = (
    'this is a fault of the program, and not of the video: the terminal of `vsd-mot app` shows more'
)


def make_run(
    gr: ModuleType, *, models: ModelChoice, limits: Limits, tabs: Tabs
) -> Callable[..., list[Any]]:
    """Make the function that the button calls; errors that a visitor can mend go to the page.

    Args:
        gr: Gradio.
        models: The trackers.
        limits: What a video may take.
        tabs: Keeps the results of each browser tab.
    """

    def run(
        video: str | None,
        model: str,
        min_score: float,
        window: int,
        max_frames: int,
        show_scores: bool,
        fps: float | None,
        request: Any,
        progress: Any = gr.Progress(),  # noqa: B008  (by this Gradio knows that it is wanted)
    ) -> list[Any]:
        if video is None:
            raise gr.Error('choose a video first, or take the demo clip', print_exception=False)
        settings = Settings(
            window=int(window),
            min_score=min_score,
            max_frames=int(max_frames),
            show_scores=show_scores,
            fps=fps or None,
        )
        try:
            with tabs.run(request.session_hash) as tab:
                progress(0, desc='loading the weights')
                outcome = track_upload(
                    models[model],
                    Path(video),
                    tab.folder,
                    settings=settings,
                    limits=limits,
                    info=dict(model=model),
                    progress=lambda done, total: progress((done, total), unit='frames'),
                    stop=tab.stop,
                )
        except TrackingError as error:
            raise gr.Error(str(error), duration=None, print_exception=False) from error
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise gr.Error(FAULT, duration=None, print_exception=False) from error
        if tab.closed:  # and its results removed
            raise gr.Error('the page was closed', print_exception=False)
        return result_values(outcome)

    return run


def result_values(outcome: Outcome) -> list[Any]:
    """Return what the fields of `layout.result_fields` show."""
    rate = outcome.frames / max(outcome.seconds, 1e-6)
    return [
        outcome.files.get('video'),
        f'{outcome.frames} frames, {len(outcome.table)} tracks, {rate:.1f} frames per second',
        outcome.curves.quality(),
        outcome.curves.tracks(),
        outcome.table.rows(),
        damage_report(outcome.damage, outcome.notes),
        [str(file) for file in outcome.files.values()],
    ]


def damage_report(damage: Counter[str], notes: list[str]) -> str:
    """Say in Markdown which damage a video has."""
    lines = [f'- {count} frames: {kind}' for kind, count in damage.most_common()]
    lines += [f'- {note}' for note in notes]
    return '\n'.join(lines) or 'No damaged frames.'
