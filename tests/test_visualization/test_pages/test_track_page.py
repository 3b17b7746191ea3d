"""The page of a tracked video, in a browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from browsers import needs_browser
from page_samples import FRAMES, GREY_STEP, grey_clip, grey_of
from vsd_mot.visualization.pages import PageEvent, PageTracks, track_page
from vsd_mot.visualization.pages.track_page import damage_events, lifetime_events

HOSTILE = '</script><script>document.title="broken"</script><img src=http://example.com/x>'
HUGE = 2**62 + 1


def tracks_of(name: str, x: float, identities: dict[int, range], **more) -> PageTracks:
    """Boxes of 20 x 40 side by side."""
    rows = [
        (frame, identity, x + 30 * place)
        for place, (identity, frames) in enumerate(identities.items())
        for frame in frames
    ]
    boxes = np.array([[left, 30, 20, 40] for _, _, left in rows], float).reshape(-1, 4)
    return PageTracks(
        name,
        np.array([frame for frame, _, _ in rows], int),
        [identity for _, identity, _ in rows],
        boxes,
        np.ones(len(rows)),
        **more,
    )


def test_lifetimes() -> None:
    tracks = tracks_of('a', 0, {3: range(2, 6), 4: range(FRAMES)})
    assert [one[:3] for one in lifetime_events(tracks, FRAMES)] == [
        ('birth', 2, 2),
        ('birth', 0, 0),
        ('death', 5, 5),
    ]


def test_damage_in_runs() -> None:
    damage = [None, 'frozen', 'frozen', 'blank', None, 'frozen']
    assert [one[1:4] for one in damage_events(damage)] == [
        (1, 2, 'frozen'),
        (3, 3, 'blank'),
        (5, 5, 'frozen'),
    ]


@pytest.fixture(scope='module')
def address(tmp_path_factory) -> str:
    """Two trackers and ground truth; the second tracker's name is hostile."""
    truth = tracks_of('ground truth', 10, {1: range(FRAMES)}, truth=True)
    first = tracks_of(
        'first',
        10,
        {7: range(11), HUGE: range(11, FRAMES)},
        curves=dict(quality=np.linspace(0, 1, FRAMES)),
        events=[
            PageEvent('switch', 11, 11, f'person 1: track 7 becomes {HUGE}', 1),
            PageEvent('false', 4, 8, 'track 7 is on nobody', 7),
        ],
        metrics=dict(HOTA=0.5, IDF1=0.75),
    )
    second = tracks_of(HOSTILE, 100, {5: range(3, FRAMES)})
    file = tmp_path_factory.mktemp('page') / 'page.html'
    clip = grey_clip({2: 'frozen'})
    clip.title = HOSTILE
    file.write_text(track_page(clip, [truth, first, second]))
    return file.as_uri()


@pytest.fixture
def page(watched, address):
    watched.page.goto(address)
    expect(watched.page.locator('#video')).to_have_js_property('readyState', 4)
    return watched.page


def frame_number(page) -> int:
    return int(page.text_content('#place').split()[1])


def wait_for_frame(page, number: int) -> None:
    # `wait_for_function` would evaluate text, which the page's policy forbids.
    expect(page.locator('#place')).to_have_text(re.compile(f'^frame {number} of'))


def colours_of_boxes(page) -> int:
    """Number of pixels of the overlay that are painted."""
    return page.evaluate("""() => {
        const boxes = document.getElementById('boxes');
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [boxes.width, boxes.height];
        const context = canvas.getContext('2d'); // of a copy: Chromium dislikes reading twice
        context.drawImage(boxes, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, place) => place % 4 === 3 && value > 0).length;
    }""")


def shown_frame(page) -> float:
    """The index of the frame that the video shows, by its grey."""
    grey = page.evaluate("""() => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 4;
        const context = canvas.getContext('2d');
        context.drawImage(document.getElementById('video'), 0, 0, 4, 4);
        return context.getImageData(1, 1, 1, 1).data[0];
    }""")
    return (grey - grey_of(0)) / GREY_STEP


class TestInABrowser:
    pytestmark = needs_browser

    def test_it_opens_with_all_that_is_on_it(self, page) -> None:
        assert frame_number(page) == 1
        assert page.locator('#sets label').count() == 3
        assert page.locator('#scores tr').all_inner_texts() == ['\tHOTA\tIDF1', 'first\t50.0\t75.0']
        assert page.locator('#legend').inner_text().split() == [
            *('━', 'quality', '▮', 'damaged', 'frames'),
        ]
        counts = page.locator('#kinds label').all_inner_texts()
        assert counts == ['switches 1', 'false 1', 'births 2', 'deaths 1', 'damage 1']

    def test_hostile_names_are_text(self, page) -> None:
        assert page.title() == HOSTILE
        assert page.text_content('#title') == HOSTILE
        assert page.locator('#sets label').nth(2).text_content() == HOSTILE
        assert page.locator('#tracks img').count() == 0

    def test_an_event_seeks_to_its_frame(self, page) -> None:
        event = page.locator('#list button[data-kind=switch]')
        assert event.inner_text().split()[0] == '12'
        event.click()
        wait_for_frame(page, 12)
        assert shown_frame(page) == pytest.approx(11, abs=0.3)
        assert event.get_attribute('aria-current') == 'true'

    def test_every_frame_can_be_sought(self, page) -> None:
        for number in (FRAMES, 1, 10, 11, 2, 15):
            page.evaluate(f"""() => {{
                const slider = document.getElementById('position');
                slider.value = {number - 1};
                slider.dispatchEvent(new Event('input'));
            }}""")
            wait_for_frame(page, number)
            assert shown_frame(page) == pytest.approx(number - 1, abs=0.3)

    def test_keys(self, page) -> None:
        for key, number in (
            *(('ArrowRight', 2), ('ArrowRight', 3), ('ArrowLeft', 2), ('Home', 1)),
            *(('Shift+ArrowRight', 10), ('End', FRAMES), ('p', 12), ('p', 11), ('n', 12)),
        ):
            page.keyboard.press(key)
            wait_for_frame(page, number)
        page.keyboard.press('Home')
        wait_for_frame(page, 1)
        page.keyboard.press(' ')
        expect(page.locator('#play')).to_have_text('Pause')
        wait_for_frame(page, FRAMES)
        expect(page.locator('#play')).to_have_text('Play')

    def test_a_click_on_curves_and_rows_jumps(self, page) -> None:
        for canvas in ('#curves', '#rows'):
            box = page.locator(canvas).bounding_box()
            page.locator(canvas).click(position=dict(x=box['width'] - 9, y=20))
            wait_for_frame(page, FRAMES)
            page.locator(canvas).click(position=dict(x=97, y=20))
            wait_for_frame(page, 1)

    def test_boxes_are_hidden_one_tracker_at_a_time(self, page) -> None:
        page.keyboard.press('End')
        wait_for_frame(page, FRAMES)
        counts = [colours_of_boxes(page)]
        for index in range(3):
            page.locator('#sets input').nth(index).uncheck()
            counts.append(colours_of_boxes(page))
        assert counts == sorted(counts, reverse=True)
        assert len(set(counts)) == 4
        assert counts[-1] == 0
        page.keyboard.press('2')
        assert page.locator('#sets input').nth(1).is_checked()
        assert colours_of_boxes(page) > 0

    def test_events_of_another_tracker_and_kind(self, page) -> None:
        page.select_option('#chosen', index=1)
        listed = page.locator('#list button').all_inner_texts()
        assert [one.split()[0] for one in listed] == ['3', '4']
        page.locator('#kinds input[data-kind=damage]').uncheck()
        (listed,) = page.locator('#list button').all_inner_texts()
        assert listed.split()[1:] == ['track', '5', 'begins']

    def test_it_is_dark_where_the_system_is(self, page) -> None:
        page.emulate_media(color_scheme='dark')
        ground = page.evaluate('getComputedStyle(document.body).backgroundColor')
        assert ground == 'rgb(20, 23, 29)'
