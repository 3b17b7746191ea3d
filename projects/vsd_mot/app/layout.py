"""The page of the app, by Gradio: what is on it, and what its buttons do."""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from ..apis.shipped import demo_clip
from ..errors import TrackingError
from ..extras import needed
from .model_choice import ModelChoice
from .tabs import Tabs
from .track_table import TrackTable
from .upload import Limits, Outcome, Settings, track_upload

VIDEO_SUFFIXES = (
    *('.mp4', '.mov', '.m4v', '.mkv', '.webm', '.avi', '.ts', '.mts', '.mpg', '.mpeg'),
    *('.flv', '.wmv', '.3gp', '.ogv', '.mxf', '.h264', '.h265'),
)
MAX_WAITING = 8  # runs; one more is refused
KEEP_FILES_SECONDS = 3600
LEAD = """# VSD-MOT
Track people in low-quality video. Nothing leaves the machine that runs this page."""


def import_gradio() -> ModuleType:
    """Import Gradio.

    Raises:
        MissingExtraError: It is not installed.
    """
    return needed('gradio', extra='app', by='`vsd-mot app`')


def make_page(models: ModelChoice, limits: Limits, tabs: Tabs) -> Any:
    """Lay out the page.

    Args:
        models: The trackers it offers.
        limits: What a video may take.
        tabs: Keeps the results of each browser tab.

    Returns:
        Gradio's ``Blocks``, not launched.

    Raises:
        MissingExtraError: Gradio is not installed.
    """
    gr = import_gradio()
    with gr.Blocks(
        title='VSD-MOT',
        analytics_enabled=False,
        delete_cache=(KEEP_FILES_SECONDS // 6, KEEP_FILES_SECONDS),
    ) as page:
        gr.Markdown(LEAD)
        with gr.Row():
            with gr.Column(scale=1):
                video = gr.File(label='Video', file_types=list(VIDEO_SUFFIXES), height=140)
                demo = gr.Button('Take the demo clip', elem_id='demo')
                model = gr.Radio(models.names, value=models.names[0], label='Weights that know')
                with gr.Accordion('Settings', open=False):
                    settings = setting_fields(gr, limits)
                with gr.Row():
                    track = gr.Button('Track', variant='primary', elem_id='track')
                    stop = gr.Button('Stop', elem_id='stop')
            with gr.Column(scale=2):
                results = result_fields(gr)

        demo.click(
            lambda: (str(demo_clip()), models.for_demo),
            outputs=[video, model],
            api_visibility='private',
        )
        run = run_in_tab(gr, models=models, limits=limits, tabs=tabs)
        # Not in the queue, where it would wait for the runs of others.
        at_once = dict(queue=False, show_progress='hidden', api_visibility='private')
        track.click(by_tab(gr, tabs.ready), **at_once).then(
            run,
            inputs=[video, model, *settings],
            outputs=results,
            show_progress_on=results[0],
            concurrency_limit=1,
            api_visibility='private',
        )
        stop.click(by_tab(gr, tabs.stop), **at_once)
        page.unload(by_tab(gr, tabs.close))
    page.queue(max_size=MAX_WAITING, api_open=False)
    return page


def setting_fields(gr: ModuleType, limits: Limits) -> list[Any]:
    """Lay out the settings, in the order in which `run_in_tab` takes them."""
    return [
        gr.Slider(0, 0.95, value=0, step=0.05, label='Leave out boxes with a score below'),
        gr.Slider(1, 32, value=8, step=1, label='Frames that are encoded at once'),
        gr.Slider(1, limits.frames, value=limits.frames, step=1, label='Stop after so many frames'),
        gr.Checkbox(label='Draw scores'),
        gr.Number(label='Frames per second (0: as the file says)', value=0, minimum=0),
    ]


def result_fields(gr: ModuleType) -> list[Any]:
    """Lay out the results, in the order of `result_values`."""
    video = gr.Video(label='Tracked video', interactive=False, height=420, elem_id='tracked')
    summary = gr.Markdown(elem_id='summary')
    with gr.Tab('Tracks'):
        table = gr.Dataframe(
            headers=list(TrackTable.HEADERS), interactive=False, max_height=320, elem_id='tracks'
        )
    with gr.Tab('Quality'):
        curve = gr.Image(label='Quality and weight', type='filepath', interactive=False)
    with gr.Tab('Damage'):
        damage = gr.Markdown(elem_id='damage')
    with gr.Tab('Downloads'):
        files = gr.Files(label='Results', interactive=False, elem_id='files')
    return [video, summary, table, curve, damage, files]


def result_values(outcome: Outcome) -> list[Any]:
    """Return what the fields of `result_fields` show."""
    path = outcome.files.get
    rate = outcome.frames / max(outcome.seconds, 1e-6)
    return [
        path('video'),
        f'{outcome.frames} frames, {len(outcome.table)} tracks, {rate:.1f} frames per second',
        outcome.table.rows(),
        path('curve'),
        damage_report(outcome.damage, outcome.notes),
        [str(file) for file in outcome.files.values()],
    ]


def damage_report(damage: Counter[str], notes: list[str]) -> str:
    """Say in Markdown which damage a video has."""
    lines = [f'- {count} frames: {kind}' for kind, count in damage.most_common()]
    lines += [f'- {note}' for note in notes]
    return '\n'.join(lines) or 'No damaged frames.'


def run_in_tab(
    gr: ModuleType, *, models: ModelChoice, limits: Limits, tabs: Tabs
) -> Callable[..., list[Any]]:
    """Make what the button "Track" calls; errors that a user can mend are shown in the page."""
    bar = gr.Progress()

    def run(
        video: str | None,
        model: str,
        min_score: float,
        window: int,
        max_frames: int,
        show_scores: bool,
        fps: float,
        request: Any,
        progress: Any = bar,
    ) -> list[Any]:
        if video is None:
            raise gr.Error('choose a video first, or take the demo clip', print_exception=False)
        path, settings = (
            Path(video),
            Settings(
                window=int(window),
                min_score=min_score,
                max_frames=int(max_frames),
                show_scores=show_scores,
                fps=fps or None,
            ),
        )
        try:
            with tabs.run(request.session_hash) as tab:
                progress(0, desc='loading the weights')
                outcome = track_upload(
                    models[model],
                    path,
                    tab.folder,
                    settings=settings,
                    limits=limits,
                    info=dict(model=model),
                    progress=lambda done, total: progress((done, total), unit='frames'),
                    stop=tab.stop,
                )
        except (TrackingError, OSError, ValueError, MemoryError) as error:
            message = str(error).replace(f'{path.parent}/', '') or type(error).__name__
            raise gr.Error(message, duration=None, print_exception=False) from error
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise gr.Error(
                'this is a fault of the program, and not of the video: the terminal of '
                '`vsd-mot app` shows more',
                duration=None,
                print_exception=False,
            ) from error
        return result_values(outcome)

    return wants_request(gr, run)


def by_tab(gr: ModuleType, work: Callable[[str], object]) -> Callable[..., None]:
    """Make what a button calls: some work on the tab it is in."""

    def handle(request: Any) -> None:
        work(request.session_hash)

    return wants_request(gr, handle)


def wants_request(gr: ModuleType, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let Gradio pass the request, by which a tab is known: it looks for this annotation."""
    function.__annotations__['request'] = gr.Request
    return function
