"""The page of the app, by Gradio: what is on it, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from ..apis.shipped import demo_clip
from ..extras import needed
from ..visualization.quality_plot import QUALITY_COLOUR, WEIGHT_COLOUR
from .frame_curves import CURVE, QUALITY_NAMES, TIME, TRACKS, VALUE
from .model_choice import ModelChoice
from .running import make_run
from .tabs import Tabs
from .track_table import TrackTable
from .uploads import VIDEO_SUFFIXES, Limits

MAX_WAITING = 8  # runs; one more is refused
KEEP_FILES_SECONDS = 3600
COLOURS = dict(zip(QUALITY_NAMES.values(), (QUALITY_COLOUR, WEIGHT_COLOUR)))
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
                video = video_field(gr, limits)
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
        # Not in the queue, where it would wait for the runs of others.
        immediate = dict(queue=False, show_progress='hidden', api_visibility='private')
        track.click(by_tab(gr, tabs.ready), **immediate).then(
            wants_request(gr, make_run(gr, models=models, limits=limits, tabs=tabs)),
            inputs=[video, model, *settings],
            outputs=results,
            show_progress_on=results[0],
            concurrency_limit=1,
            api_visibility='private',
        )
        stop.click(by_tab(gr, tabs.stop), **immediate)
        page.unload(by_tab(gr, tabs.close))
    page.queue(max_size=MAX_WAITING, api_open=False)
    return page


def video_field(gr: ModuleType, limits: Limits) -> Any:
    """Lay out the field that takes the video; it takes no addresses, which Gradio would fetch."""
    field = gr.File(
        label=f'Video, up to {limits.megabytes} MB',
        file_types=list(VIDEO_SUFFIXES),
        height=140,
        elem_id='video',
    )
    move = field.async_move_resource_to_block_cache

    async def move_uploaded(path: str | None) -> str | None:
        if path is not None and '://' in path:
            raise gr.Error('a video is uploaded, and not named by its address')
        return await move(path)

    field.async_move_resource_to_block_cache = move_uploaded
    return field


def setting_fields(gr: ModuleType, limits: Limits) -> list[Any]:
    """Lay out the settings, in the order in which `make_run` takes them."""
    return [
        gr.Slider(0, 0.95, value=0, step=0.05, label='Leave out boxes with a score below'),
        gr.Slider(1, 32, value=8, step=1, label='Frames that are encoded at once'),
        gr.Slider(
            1,
            limits.frames,
            value=limits.frames,
            step=1,
            label='Stop after so many frames',
            elem_id='frames',
        ),
        gr.Checkbox(label='Draw scores'),
        gr.Number(label='Frames per second (0: as the file says)', value=0, minimum=0),
    ]


def result_fields(gr: ModuleType) -> list[Any]:
    """Lay out the results, in the order of `running.result_values`."""
    video = gr.Video(
        label='Tracked video', show_label=False, interactive=False, height=360, elem_id='tracked'
    )
    summary = gr.Markdown(elem_id='summary')
    with gr.Tab('Curves'):
        quality = gr.LinePlot(
            x=TIME,
            y=VALUE,
            color=CURVE,
            color_map=COLOURS,
            color_title='',
            y_lim=[0, 1],
            title='Frame quality',
            height=200,
            elem_id='quality',
        )
        count = gr.LinePlot(
            x=TIME,
            y=TRACKS,
            y_lim=[0, None],
            title='Number of tracks',
            height=160,
            elem_id='count',
        )
    with gr.Tab('Tracks'):
        table = gr.Dataframe(
            headers=list(TrackTable.HEADERS), interactive=False, max_height=420, elem_id='tracks'
        )
    with gr.Tab('Damage'):
        damage = gr.Markdown(elem_id='damage')
    with gr.Tab('Downloads'):
        files = gr.Files(show_label=False, interactive=False, elem_id='files')
    return [video, summary, quality, count, table, damage, files]


def by_tab(gr: ModuleType, work: Callable[[str], object]) -> Callable[..., None]:
    """Make what a button calls: some work on the tab it is in."""

    def handle(request: Any) -> None:
        work(request.session_hash)

    return wants_request(gr, handle)


def wants_request(gr: ModuleType, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let Gradio pass the request, by which a tab is known: it looks for this annotation."""
    function.__annotations__['request'] = gr.Request
    return function
