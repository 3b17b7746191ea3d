"""The command that converts MOTChallenge sequences."""

import re

import pytest

from vsd_mot.commands.convert_mot import main


def test_splits_by_names_and_by_halves(synthetic_set, tmp_path, capsys):
    out = tmp_path / 'ann'
    assert main([str(synthetic_set), '-o', str(out), '--val-sequences', 'SYN-T01']) == 0
    assert 'val: 1 sequences, 10 frames' in capsys.readouterr().out
    assert main([str(synthetic_set), '-o', str(tmp_path), '--split', 'half']) == 0
    assert (tmp_path / 'half-val.json').is_file()


def test_a_folder_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main([f'{tmp_path}/none']) == 1
    assert re.search('mot2coco: .*none is not a folder', capsys.readouterr().err)


@pytest.mark.parametrize(
    ('items', 'message'),
    [
        (['train'], "expected SPLIT=FILE, got 'train'"),
        (['../x=y'], "'../x' names no file"),
        (['val=a', 'val=b'], 'val is given twice'),
    ],
)
def test_lists_need_a_plain_name_and_a_file(tmp_path, capsys, items, message):
    with pytest.raises(SystemExit) as stop:
        main([str(tmp_path), '--split-list', *items])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err
