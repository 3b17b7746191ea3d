"""Files that are whole or not there, also where all is written at the end."""

import pytest

from class_tracks import FACTS, street
from vsd_mot.errors import OutputError
from vsd_mot.video.writers import records
from vsd_mot.video.writers.cvat_xml import CvatXmlWriter
from vsd_mot.video.writers.label_studio import LabelStudioWriter


@pytest.mark.parametrize('kind', [CvatXmlWriter, LabelStudioWriter])
def test_no_frames_no_file_and_giving_up_leaves_nothing(tmp_path, kind):
    assert kind(tmp_path / 'a', FACTS).close() is None
    writer = kind(tmp_path / 'a', FACTS)
    writer.write(street()[0], None)
    writer.discard()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('kind', [CvatXmlWriter, LabelStudioWriter])
def test_an_end_that_cannot_be_written_leaves_what_was_there(tmp_path, kind, monkeypatch):
    path = tmp_path / 'a'
    path.write_text('former')
    writer = kind(path, FACTS)
    for result in street():
        writer.write(result, None)

    def full(self, record):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(records.RecordFile, 'append', full)
    with pytest.raises(OutputError, match='the disk is full'):
        writer.close()
    assert [one.name for one in tmp_path.iterdir()] == ['a']
    assert path.read_text() == 'former'
