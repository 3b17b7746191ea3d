"""A real browser for tests of pages: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser')
NO_CHROMIUM = 'there is no Chromium: apt-get install chromium'
FLAGS = (
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
)
PATIENCE = 60_000  # milliseconds; two test processes with a browser each can share one core
LOCAL = ('file:', 'data:', 'blob:', 'http://127.0.0.1:')

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
"""Marks of a test or module that opens pages: `pytestmark = needs_browser`."""


@dataclass
class WatchedPage:
    """A page of the browser, and what must not happen on it.

    Attributes:
        page: Playwright's page.
        complaints: Errors and warnings of its console, and exceptions nobody caught.
        outside: Addresses beyond this machine that it asked for; none is fetched.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch from now on."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on('pageerror', lambda error: self.complaints.append(str(error)))
        self.page.on('console', self._hear)
        self.page.route('**/*', self._guard)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ('error', 'warning'):
            self.complaints.append(message.text)

    def _guard(self, route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


@pytest.fixture(scope='module')
def browser() -> Iterator[Browser]:
    """A browser for a module's tests.

    Not for the whole session: while it runs, so does Playwright's event loop in this thread, and
    `asyncio.run` of another module's test would be refused.
    """
    from playwright.sync_api import expect, sync_playwright  # every test process reads this file

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[WatchedPage]:
    """An empty page of 1280 x 900; the test fails on complaints and on outside addresses."""
    context = browser.new_context(viewport=dict(width=1280, height=900), reduced_motion='reduce')
    watched = WatchedPage(context.new_page())
    yield watched
    complaints, outside = list(watched.complaints), list(watched.outside)
    context.close()  # breaks off what the page still asks for, of which it complains
    assert not complaints, complaints
    assert not outside, outside
