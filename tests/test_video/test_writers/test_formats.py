"""All formats by their names."""

import pytest

from class_tracks import FACTS, written
from vsd_mot.errors import OutputError
from vsd_mot.fileio import MAX_SUFFIX_BYTES
from vsd_mot.video.writers.formats import EXTRA_FORMATS, FORMATS, extra_format
from vsd_mot_cli import names


@pytest.mark.parametrize('name', FORMATS)
def test_each_writes_what_is_there_under_its_name(tmp_path, name):
    path = tmp_path / f'street{FORMATS[name].ending}'
    assert written(FORMATS[name].make(path, FACTS)).exists()
    assert path.exists()


def test_names_are_those_of_the_command_line():
    assert tuple(EXTRA_FORMATS) == names.EXTRA_FORMATS
    assert set(FORMATS) == set(names.FORMATS)
    assert max(len(one.ending) for one in FORMATS.values()) <= MAX_SUFFIX_BYTES


def test_an_unknown_format_is_named():
    with pytest.raises(OutputError, match="no format 'voc' to write, there are cvat"):
        extra_format('voc')
