"""The command that writes a page."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browsers import needs_browser
from vsd_mot.commands.page import main

DEMO = Path(__file__).parents[2] / 'demo'


@pytest.fixture
def results(tmp_path):
    """The ground truth as a result, without its last person."""
    rows = (DEMO / 'gt/gt.txt').read_text().splitlines(keepends=True)
    file = tmp_path / 'walk.txt'
    file.write_text(''.join(row for row in rows if row.split(',')[1] != '1'))
    return file


class TestInABrowser:
    pytestmark = needs_browser

    def test_the_demo_clip(self, results, tmp_path, watched, capsys) -> None:
        out = tmp_path / 'pages/page.html'
        arguments = [str(DEMO / 'clip.mp4'), f'ours={results}', str(results), '--gt', str(DEMO)]
        assert main([*arguments, '--out', str(out)]) == 0
        assert f'page: {out}' in capsys.readouterr().out
        watched.page.goto(out.as_uri())
        names = watched.page.locator('#scores td:first-child').all_inner_texts()
        assert names == ['ours', 'walk']
        assert watched.page.locator('#kinds').inner_text().count('missed') == 1
        watched.page.keyboard.press('End')
        expect(watched.page.locator('#place')).to_have_text('frame 60 of 60, 5.90 s')


def test_mistakes_are_one_line(results, tmp_path, capsys) -> None:
    out = ['--out', str(tmp_path / 'page.html')]
    assert main([str(tmp_path / 'none.mp4'), str(results), *out]) == 1
    assert 'does not exist' in capsys.readouterr().err
    shutil.copy(results, tmp_path / 'long.txt')
    with (tmp_path / 'long.txt').open('a') as file:
        file.write('61,2,0,0,9,9,1,1,1\n')
    assert main([str(DEMO / 'clip.mp4'), str(tmp_path / 'long.txt'), *out]) == 1
    assert 'has frame 61, and the video has frames 1 to 60' in capsys.readouterr().err
    assert not (tmp_path / 'page.html').exists()
    with pytest.raises(SystemExit):
        main([str(DEMO / 'clip.mp4'), str(results), str(results), *out])
    assert 'several results are called walk' in capsys.readouterr().err
