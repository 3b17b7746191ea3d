"""The page, by clicks in a real browser."""

import os
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app_samples import bright_models, bright_video, free_port, one_box_video
from browsers import WatchedPage, needs_browser
from vsd_mot.app.layout import import_gradio
from vsd_mot.app.serving import serving
from vsd_mot.app.uploads import Limits
from vsd_mot.errors import TrackingError

FRAMES = 6
# Of the version of its plots, and when an upload is done.
GRADIO_SAYS = ('The input spec uses Vega-Lite', 'Method not implemented.')


@pytest.fixture(scope='module')
def root(tmp_path_factory) -> Path:
    """Where temporary files go."""
    return tmp_path_factory.mktemp('root')


@pytest.fixture(scope='module')
def url(root, tmp_path_factory):
    models = bright_models(tmp_path_factory.mktemp('models'), delay=0.02)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, 'tempdir', str(root))
        with serving(models, limits=Limits(megabytes=1, frames=500), port=free_port()) as url:
            yield url


@pytest.fixture
def visitor(watched, url):
    """A page of the app; what is no fault of ours does not count."""
    watched.page.goto(url)
    expect(watched.page.locator('#track')).to_be_visible()
    yield watched.page
    watched.complaints[:] = [
        one for one in watched.complaints if not any(text in one for text in GRADIO_SAYS)
    ]


def choose(page: Page, video: Path) -> None:
    page.locator('#video input[type=file]').set_input_files(video)
    expect(page.locator('#video')).to_contain_text(video.stem)


def rows(page: Page) -> list[list[str]]:
    """Of the table of tracks."""
    page.get_by_role('tab', name='Tracks').click()
    grid = page.locator('#tracks').get_by_role('row').filter(has=page.get_by_role('gridcell'))
    expect(grid.first).to_be_visible()
    return [row.get_by_role('gridcell').all_inner_texts() for row in grid.all()]


def picture(page: Page, place: str) -> np.ndarray:
    """A screenshot of an element."""
    content = page.locator(place).screenshot()
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)


class TestInABrowser:
    pytestmark = needs_browser

    def test_from_the_upload_to_the_downloads(self, visitor, tmp_path) -> None:
        choose(visitor, bright_video(tmp_path / 'walk.mp4', FRAMES))
        visitor.locator('#track').click()
        expect(visitor.locator('#summary')).to_contain_text(f'{FRAMES} frames, 2 tracks')
        video = visitor.locator('#tracked video')
        expect(video).to_have_js_property('videoWidth', 512)
        assert video.evaluate('video => video.duration') == pytest.approx(FRAMES / 10, abs=0.11)
        visitor.wait_for_function('document.querySelector("#tracked video").readyState >= 2')
        assert len(np.unique(picture(visitor, '#tracked video').reshape(-1, 3), axis=0)) > 50

        for place in ('#quality', '#count'):
            expect(visitor.locator(f'{place} .marks')).to_be_visible()
        assert [row[:5] for row in rows(visitor)] == [
            ['15', 'box', '1', '6', '6'],
            ['25', 'box', '1', '6', '6'],
        ]
        visitor.get_by_role('tab', name='Damage').click()
        expect(visitor.locator('#damage')).to_have_text('No damaged frames.')
        visitor.get_by_role('tab', name='Downloads').click()
        with visitor.expect_download() as download:
            visitor.locator('#files a[download="walk.txt"]').click()
        assert len(download.value.path().read_text().splitlines()) == 2 * FRAMES

    def test_two_visitors_at_once_do_not_mix(self, visitor, browser, url, tmp_path, root) -> None:
        choose(visitor, bright_video(tmp_path / 'walk.mp4', FRAMES))
        context = browser.new_context()
        other = WatchedPage(context.new_page()).page
        other.goto(url)
        choose(other, one_box_video(tmp_path / 'stand.mp4', FRAMES))
        visitor.locator('#track').click()
        other.locator('#track').click()
        for page, tracks in ((visitor, 2), (other, 1)):
            expect(page.locator('#summary')).to_contain_text(f'{FRAMES} frames, {tracks} tracks')
        assert [row[0] for row in rows(visitor)] == ['15', '25']
        assert [row[0] for row in rows(other)] == ['20']
        # What the visitor who leaves has is removed, and not that of the other.
        assert number_of_results(root, 'stand.json') == 1
        context.close()
        wait_until(lambda: number_of_results(root, 'stand.json') == 0)
        assert number_of_results(root, 'walk.json') == 1

    def test_stopping(self, visitor, tmp_path) -> None:
        choose(visitor, bright_video(tmp_path / 'long.mp4', 200))
        visitor.locator('#track').click()
        expect(visitor.locator('#tracked')).to_contain_text('frames')
        visitor.locator('#stop').click()
        visitor.get_by_role('tab', name='Damage').click()
        expect(visitor.locator('#damage')).to_contain_text('of 200 frames were tracked')

    def test_settings_of_the_demo_clip(self, visitor) -> None:
        visitor.locator('#demo').click()
        expect(visitor.locator('#video')).to_contain_text('clip')
        visitor.get_by_role('button', name='Settings').click()
        number = visitor.locator('#frames input[type=number]')
        handle = visitor.locator('#frames input[type=range]')

        def both_say_five() -> bool:
            number.fill('5')
            return handle.input_value() == '5'

        # A field can be seen before the script that reads it is there.
        wait_until(both_say_five)
        number.blur()
        visitor.locator('#track').click()
        expect(visitor.locator('#summary')).to_contain_text('5 frames')
        visitor.get_by_role('tab', name='Damage').click()
        expect(visitor.locator('#damage')).to_contain_text('the first 5 of 60 frames were tracked')

    def test_mistakes_are_said_in_the_page(self, visitor, tmp_path) -> None:
        visitor.locator('#track').click()
        said = visitor.get_by_test_id('toast-body')
        expect(said).to_contain_text('choose a video first')
        large, fake = tmp_path / 'large.mp4', tmp_path / 'fake.mp4'
        large.write_bytes(bytes((1 << 20) + 1))
        visitor.locator('#video input[type=file]').set_input_files(large)
        expect(said.last).to_contain_text('maximum')
        fake.write_text('no video')
        choose(visitor, fake)
        visitor.locator('#track').click()
        expect(said.last).to_contain_text('fake.mp4 cannot be opened as a video')


def number_of_results(root: Path, name: str) -> int:
    """How many ``results/*/NAME`` there are. Folders may be removed meanwhile."""
    return sum(
        files.count(name)
        for folder, _, files in os.walk(root)
        if Path(folder).parent.name == 'results'
    )


def wait_until(holds, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_missing_gradio_is_named_with_its_line(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, 'gradio', None)
    with pytest.raises(TrackingError, match=r"needs the package gradio: pip install 'vsd_mot\[app"):
        import_gradio()
