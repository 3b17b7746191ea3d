import pytest

from vsd_mot.datasets.tracks import READ_FORMATS, read_tracks
from vsd_mot.errors import DataFileError
from vsd_mot_cli import names


def test_the_format_is_found_out_or_said(tmp_path):
    assert READ_FORMATS == names.READ_FORMATS
    path = tmp_path / 'tracks.dat'
    path.write_text('1,1,0,0,9,9\n')
    with pytest.raises(DataFileError, match='cannot be told by its name: say it with --from'):
        read_tracks(path)
    assert len(read_tracks(path, 'mot')[0]) == 1
    with pytest.raises(DataFileError, match=r'nowhere\.xml does not exist'):
        read_tracks(tmp_path / 'nowhere.xml')
