"""The command that makes synthetic sets."""

import pytest

from vsd_mot.commands.synthesize import main


def test_command_line(tmp_path, capsys):
    folder = tmp_path / 'synthetic'
    small = '--size 96x64 --frames 3 --train-sequences 1 --val-sequences 1 --people 1 2'
    assert main([str(folder), *small.split()]) == 0
    assert 'train: 1 sequences, 3 frames' in capsys.readouterr().out
    assert (folder / 'annotations' / 'val.json').is_file()


def test_a_size_that_is_none_is_an_error_of_the_command_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main([str(tmp_path), '--size', 'big'])
    assert stop.value.code == 2
    assert 'argument --size: ' in capsys.readouterr().err


def test_impossible_settings_are_one_line(tmp_path, capsys):
    assert main([str(tmp_path), '--size', '32x32']) == 1
    assert 'make_synthetic: frames must be at least 64 x 64' in capsys.readouterr().err
