"""Inputs, config and checkpoint on one line."""

import pytest

from vsd_mot_cli.inputs import split_model
from vsd_mot_cli.parsing import parser_of

SHIPPED = 'vsd-mot-alpha0.2_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval'


@pytest.mark.parametrize(
    ('words', 'inputs', 'config', 'checkpoint'),
    [
        ('a.mp4', 1, None, None),
        ('a.mp4 c.py', 1, 'c.py', None),
        ('a.mp4 c.py w.pth', 1, 'c.py', 'w.pth'),
        ('a.mp4 b.avi 0 rtsp://host/path clips/ d/*.mp4 list.txt', 7, None, None),
        (f'a.mp4 clips/ {SHIPPED} w.pth', 2, SHIPPED, 'w.pth'),
        ('door=0 yard=rtsp://host/x?a=b vsd-mot_tiny w', 2, 'vsd-mot_tiny', 'w'),
        ('nowhere', 1, None, None),
    ],
)
def test_the_config_is_where_the_inputs_end(words, inputs, config, checkpoint):
    words = words.split()
    assert split_model(words) == (words[:inputs], config, checkpoint)


def test_a_folder_is_an_input_whatever_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'clips').mkdir()
    assert split_model(['a.mp4', 'clips'])[0] == ['a.mp4', 'clips']


def test_inputs_after_the_config_are_refused(capsys):
    with pytest.raises(SystemExit):
        parser_of('track')(['a.mp4', 'c.py', 'w.pth', 'b.mp4'])
    assert 'inputs stand before it' in capsys.readouterr().err
