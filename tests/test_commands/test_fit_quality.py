"""vsd-mot fit-quality."""

import json

import cv2
import pytest

from good_video import small_photograph
from vsd_mot.commands.fit_quality import frames_of, main
from vsd_mot.models.semantics.fitted_quality import SHIPPED, QualityFit


@pytest.fixture
def camera(tmp_path):
    folder = tmp_path / 'camera' / 'img1'
    folder.mkdir(parents=True)
    for number in range(1, 5):
        image = small_photograph()[:120, 20 * number : 20 * number + 160]
        cv2.imwrite(str(folder / f'{number:06d}.png'), image)
    return folder.parent


def test_it_fits_and_writes_what_the_model_reads(camera, tmp_path, capsys):
    out = tmp_path / 'fit.json'
    arguments = [str(camera), '--frames', '1', '--out', str(out), '--held-out', str(camera)]
    assert main([*arguments, '--held-out-frames', '1']) == 0
    printed = capsys.readouterr().out
    assert 'fitted to: ' in printed
    assert 'held out: ' in printed
    QualityFit.read(out)
    # One picture, and every third of them at about half its size.
    assert json.loads(out.read_text())['pictures'] == [
        'camera/000002.png',
        'camera/000002.png, half',
    ]


def test_numbers_that_are_there_are_checked(camera, capsys):
    assert main([str(camera), '--check', str(SHIPPED), '--held-out-frames', '1']) == 0
    printed = capsys.readouterr().out
    assert 'fitted to' not in printed
    assert '% of' in printed


def test_frames_are_spread_evenly_and_a_folder_without_any_is_an_error(camera, tmp_path, capsys):
    assert [name for name, _ in frames_of(camera, 2)] == ['camera/000001.png', 'camera/000003.png']
    assert len(frames_of(camera, 9)) == 4
    (tmp_path / 'empty').mkdir()
    assert main([str(tmp_path / 'empty')]) == 1
    assert f'no images in {tmp_path / "empty"}' in capsys.readouterr().err
