"""vsd-mot diagnose."""

import json

import cv2
import pytest

from good_video import walk_past_a_photograph
from robustness_samples import made_up_results
from vsd_mot.commands.diagnose import main


@pytest.fixture(scope='module')
def street(tmp_path_factory):
    folder = tmp_path_factory.mktemp('videos') / 'street'
    folder.mkdir()
    for frame in walk_past_a_photograph(12):
        dark = cv2.convertScaleAbs(frame.image, alpha=0.25)
        cv2.imwrite(str(folder / f'{frame.number:06d}.png'), dark)
    return folder


def test_it_writes_text_json_and_one_page(street, tmp_path, capsys):
    out = tmp_path / 'out'
    assert main([str(street), '--out', str(out), '--pictures', '3']) == 0
    assert '1. darkness' in capsys.readouterr().out
    report = json.loads((out / 'street.json').read_text())
    assert report['faults'][0]['fault'] == 'darkness'
    assert len(report['faults'][0]['expected_hota_loss']) == 2
    page = (out / 'street.html').read_text()
    assert page.count('<img') >= 3
    assert 'src="http' not in page, 'it needs no other file'
    assert sorted(path.name for path in out.iterdir()) == [
        'street.html', 'street.json', 'street.txt',
    ]  # fmt: skip


def test_losses_of_ones_own_benchmark(street, tmp_path, capsys):
    results = made_up_results(tmp_path / 'results.json')
    assert main([str(street), '--pictures', '1', '--robustness', str(results.path)]) == 0
    assert 'HOTA was not measured for this' in capsys.readouterr().out, 'it has no low light'


def test_what_is_missing_is_said(tmp_path, street, capsys):
    assert main([str(tmp_path / 'nowhere')]) == 1
    assert main([str(street), '--robustness', str(tmp_path / 'none.json')]) == 1
    assert 'there is no' in capsys.readouterr().err
