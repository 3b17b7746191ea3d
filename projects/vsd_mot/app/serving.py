"""Serve the page: to this machine alone by default, and nothing from anywhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..apis.shipped import demo_clip
from ..errors import OutputError
from .layout import import_gradio, make_page
from .model_choice import ModelChoice
from .tabs import Tabs
from .uploads import Limits

FONT = ('system-ui', 'sans-serif')
MONOSPACE = ('ui-monospace', 'monospace')
# What the page may load: what this server has, and what the page makes itself.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; object-src 'none'; "
    "frame-ancestors 'self'"
)
# Gradio would fetch an address for whoever asks, and proxy to Hugging Face.
_OUTSIDE = re.compile(r'/(?:file[=/]\s*[a-z][a-z0-9+.-]*:/|proxy=)', re.IGNORECASE)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class NothingFromOutside:
    """ASGI middleware: refuses to fetch for others, and forbids the page to load from elsewhere.

    Args:
        app: The application around which it stands.
    """

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
        elif _OUTSIDE.search(scope['path']):
            await send({'type': 'http.response.start', 'status': 403, 'headers': []})
            await send({'type': 'http.response.body', 'body': b'not from outside'})
        else:

            async def with_policy(message: Message) -> None:
                if message['type'] == 'http.response.start':
                    policy = (b'content-security-policy', POLICY.encode())
                    message['headers'] = [*message.get('headers', []), policy]
                await send(message)

            await self.app(scope, receive, with_policy)


@contextmanager
def serving(
    models: ModelChoice,
    *,
    limits: Limits | None = None,
    host: str = '127.0.0.1',
    port: int = 7860,
) -> Iterator[str]:
    """Serve the page as long as the block runs; then all uploads and results are removed.

    Args:
        models: The trackers it offers.
        limits: What a video may take.
        host: Address to listen at. Any other than the default lets others upload videos.
        port: Its port.

    Yields:
        The address of the page.

    Raises:
        MissingExtraError: Gradio is not installed.
        OutputError: The address cannot be listened at.
    """
    with TemporaryDirectory(prefix='vsd-mot-app-', ignore_cleanup_errors=True) as root:
        uploads, results = Path(root, 'uploads'), Path(root, 'results')
        uploads.mkdir()
        results.mkdir()
        # Gradio reads them when it is imported, and when the page is made.
        os.environ.update(GRADIO_TEMP_DIR=str(uploads), GRADIO_ANALYTICS_ENABLED='False')
        gr = import_gradio()
        from starlette.middleware import Middleware

        limits = limits or Limits()
        page = make_page(models, limits, Tabs(results))
        try:
            _, url, _ = page.launch(
                server_name=host,
                server_port=port,
                share=False,
                prevent_thread_lock=True,
                quiet=True,
                show_error=False,
                max_file_size=f'{limits.megabytes}mb',
                allowed_paths=[str(demo_clip())],
                footer_links=[],
                run_history=False,
                enable_monitoring=False,
                ssr_mode=False,
                mcp_server=False,
                pwa=False,
                theme=gr.themes.Default(font=FONT, font_mono=MONOSPACE),
                app_kwargs=dict(middleware=[Middleware(NothingFromOutside)]),
            )
        except OSError as error:
            raise OutputError(
                f'the page cannot be served at {host}:{port} ({error}): choose another --port'
            ) from error
        try:
            yield url
        finally:
            page.close(verbose=False)
