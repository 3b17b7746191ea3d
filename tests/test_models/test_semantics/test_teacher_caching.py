"""A worker stores each picture once, and lists those that it could not read."""

import cv2
import pytest

from vsd_mot.models.semantics.teacher_caching import CachingReport, CachingWorker
from vsd_samples import noise_frame

DISTILLATION = dict(
    teacher=dict(type='PatchEncoder', tokens='grid'),
    loss=dict(type='DCSDLoss', embed_dims=32, teacher_dims=24),
)


@pytest.fixture
def pictures(tmp_path):
    """Three files, of which the last is the first again."""
    paths = [tmp_path / f'{number}.png' for number in range(3)]
    for path, seed in zip(paths, (0, 1, 0)):
        cv2.imwrite(str(path), noise_frame(seed).permute(1, 2, 0).numpy())
    return list(map(str, paths))


def test_equal_pictures_are_encoded_once(tmp_path, pictures):
    worker = CachingWorker(DISTILLATION, str(tmp_path / 'store'), 'cpu')
    first = worker.store_batch(pictures)
    assert (first.encoded, first.known, first.images) == (2, 1, 3)
    assert len(list((tmp_path / 'store').glob('*/*/*.npy'))) == 2
    again = CachingWorker(DISTILLATION, str(tmp_path / 'store'), 'cpu').store_batch(pictures)
    assert (again.encoded, again.known) == (0, 3)


def test_what_cannot_be_read_is_listed_and_the_rest_stored(tmp_path, pictures):
    (tmp_path / '1.png').write_bytes(b'broken')
    worker = CachingWorker(DISTILLATION, str(tmp_path / 'store'), 'cpu')
    report = worker.store_batch([*pictures, str(tmp_path / 'gone.png')])
    assert (report.encoded, report.known) == (1, 1)
    broken, gone = report.unreadable
    assert '1.png' in broken
    assert 'gone.png' in gone


def test_reports_add_up():
    total = CachingReport()
    total.add(CachingReport(2, 3, ['a']))
    total.add(CachingReport(1, 0, ['b']))
    assert (total.encoded, total.known, total.unreadable, total.images) == (3, 3, ['a', 'b'], 8)
