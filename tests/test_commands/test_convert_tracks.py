"""The command that turns tracks from one format into another."""

import pytest

from class_tracks import FACTS, written
from vsd_mot.commands.convert_tracks import main
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter


@pytest.fixture
def source(tmp_path):
    return str(written(CvatXmlWriter(tmp_path / 'street.xml', FACTS)))


def test_the_format_goes_by_the_ending_or_is_said(source, tmp_path, capsys):
    assert main([source, str(tmp_path / 'a.csv'), '--fps', '10']) == 0
    assert capsys.readouterr().out == f'6 boxes of 2 tracks -> {tmp_path / "a.csv"}\n'
    assert (tmp_path / 'a.csv').read_text().splitlines()[1].startswith('1,0.0,7,0,person,10.0')
    assert main([source, str(tmp_path / 'own' / 'street'), '--to', 'mot-gt', '--from', 'cvat']) == 0
    assert (tmp_path / 'own' / 'street' / 'gt' / 'gt.txt').is_file()


def test_mistakes_are_one_line(source, tmp_path, capsys):
    assert main([source, source]) == 1
    assert 'is there already' in capsys.readouterr().err
    assert main([str(tmp_path / 'none.xml'), str(tmp_path / 'a.csv')]) == 1
    assert 'none.xml does not exist' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['a.xml', 'b'], 'b: which format? Give --to'),
        (['a.xml', 'b.csv', '--fps', '0'], "argument --fps: '0' is not a number from 0.1 to 1000"),
        (['a.xml', 'b.csv', '--size', '0', '5'], "argument --size: '0' is not"),
    ],
)
def test_options_that_do_not_go(arguments, message, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert message in capsys.readouterr().err
