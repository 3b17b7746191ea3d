"""A page written while a video is tracked."""

import json
import re

from page_samples import grey_source
from result_samples import results
from vsd_mot.video.writers import PageWriter


def test_what_was_tracked_is_in_it(tmp_path) -> None:
    with PageWriter(tmp_path / 'walk.html', grey_source(), name='ours') as writer:
        for result in results(6):
            writer.write(result, None)
    page = (tmp_path / 'walk.html').read_text()
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    (tracks,) = data['sets']
    assert tracks['name'] == 'ours'
    assert len(tracks['identities']) == 2
    assert set(tracks['curves']) == {'quality', 'semantic_weight'}
    assert {one['kind'] for one in tracks['events']} == {'birth'}
    assert [path.name for path in tmp_path.iterdir()] == ['walk.html']


def test_no_frames_no_page(tmp_path) -> None:
    writer = PageWriter(tmp_path / 'walk.html', grey_source())
    assert writer.close() is None
    assert list(tmp_path.iterdir()) == []


def test_given_up(tmp_path) -> None:
    writer = PageWriter(tmp_path / 'walk.html', grey_source())
    writer.write(results(1)[0], None)
    writer.discard()
    assert list(tmp_path.iterdir()) == []
    assert not writer._clip._path.parent.exists()
