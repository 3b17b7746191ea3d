"""Teacher features on disk."""

import hashlib
import io
import multiprocessing

import numpy as np
import pytest
import torch

from vsd_mot.datasets.transforms import image_key
from vsd_mot.models.frames import TeacherView
from vsd_mot.models.semantics import TeacherStore
from vsd_samples import PatchEncoder, as_tensor, contents, frame_batch, noise_frame, vsd_branch

KEY = '0123456789abcdef' * 2


def bgr(seed: int) -> np.ndarray:
    return noise_frame(seed).permute(1, 2, 0).numpy()[..., ::-1].copy()


def view_of(image: np.ndarray) -> TeacherView:
    return TeacherView(as_tensor(image), image_key(image))


def test_what_is_put_is_got(tmp_path):
    encoder = PatchEncoder(tokens='grid')
    store = TeacherStore(tmp_path, encoder)
    tokens = encoder([noise_frame(0)])[0]
    assert store.get(KEY) is None
    assert KEY not in store
    store.put(KEY, tokens)
    assert KEY in store
    assert torch.equal(store.get(KEY), tokens)
    assert torch.equal(TeacherStore(tmp_path, PatchEncoder(tokens='grid')).get(KEY), tokens)
    assert 'patches' in (store.folder / 'encoder.json').read_text()


def test_another_encoder_or_preprocessing_reads_nothing(tmp_path):
    TeacherStore(tmp_path, PatchEncoder()).put(KEY, torch.zeros(1, 24))
    for other in (PatchEncoder(seed=1), PatchEncoder(resize='pad'), PatchEncoder(tokens='grid')):
        assert TeacherStore(tmp_path, other).get(KEY) is None


def test_a_broken_file_is_computed_anew(tmp_path):
    store = TeacherStore(tmp_path, PatchEncoder())
    store.put(KEY, torch.zeros(1, 24))
    path = next(store.folder.glob('*/*.npy'))
    whole = path.read_bytes()
    for broken in (whole[:40], whole[:-5], b''):
        path.write_bytes(broken)
        assert store.get(KEY) is None
    flipped = bytearray(whole)
    flipped[-60] ^= 1
    path.write_bytes(flipped)
    assert store.get(KEY) is None
    assert KEY not in store
    np.save(path, np.zeros((1, 24), np.float32))  # of before files had a digest
    assert store.get(KEY) is None
    store.put(KEY, torch.full((1, 24), torch.nan))
    assert store.get(KEY) is None
    store.put(KEY, torch.zeros(1, 7))
    assert store.get(KEY) is None


def test_a_header_that_claims_too_much(tmp_path):
    store = TeacherStore(tmp_path, PatchEncoder())
    store.put(KEY, torch.zeros(1, 24))
    path = next(store.folder.glob('*/*.npy'))
    header = io.BytesIO()
    shape = (10**11, 24)
    np.lib.format.write_array_header_1_0(
        header, dict(descr='<f4', fortran_order=False, shape=shape)
    )
    claim = header.getvalue()
    path.write_bytes(claim + hashlib.sha256(claim).digest())
    assert store.get(KEY) is None


def test_keys_stay_inside_the_folder(tmp_path):
    with pytest.raises(ValueError, match='no key'):
        TeacherStore(tmp_path, PatchEncoder()).get('../../outside')


def write_many(folder: str, worker: int) -> None:
    store = TeacherStore(folder, PatchEncoder())
    for index in range(40):
        number = (index + 13 * worker) % 40
        store.put(f'{number:032x}', torch.full((1, 24), float(number)))
        assert (store.get(f'{number:032x}') == number).all()


def test_processes_write_side_by_side(tmp_path):
    context = multiprocessing.get_context('fork')
    writers = [context.Process(target=write_many, args=(str(tmp_path), w)) for w in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    store = TeacherStore(tmp_path, PatchEncoder())
    for index in range(40):
        assert (store.get(f'{index:032x}') == index).all()
    assert not list(store.folder.rglob('*.tmp'))


@pytest.mark.parametrize('tokens', ['global', 'grid'])
def test_a_step_with_stored_features_equals_one_with_the_live_teacher(tmp_path, tokens):
    images = [bgr(seed) for seed in range(3)]
    frames = frame_batch(*map(as_tensor, images), teacher=[view_of(image) for image in images])

    def step(store: str | None):
        config = dict(
            teacher=dict(type='PatchEncoder', tokens=tokens),
            loss=dict(type='DCSDLoss', embed_dims=32, teacher_dims=24),
            store=store,
        )
        branch = vsd_branch(distillation=config)
        outputs = [branch(contents(6), description) for description in branch.describe(frames)]
        losses = branch.total_loss({}, [output.distill_losses for output in outputs])
        losses['loss_distill'].backward()
        grads = {name: p.grad for name, p in branch.named_parameters() if p.grad is not None}
        return losses['loss_distill'], grads, branch.distillation.teacher().seen

    live_loss, live_grads, live_seen = step(None)
    first_loss, _, first_seen = step(str(tmp_path))
    cached_loss, cached_grads, cached_seen = step(str(tmp_path))
    assert (live_seen, first_seen, cached_seen) == (3, 3, 0)
    torch.testing.assert_close(first_loss, live_loss, atol=1e-5, rtol=0)
    torch.testing.assert_close(cached_loss, live_loss, atol=1e-5, rtol=0)
    assert cached_grads.keys() == live_grads.keys()
    for name, grad in live_grads.items():
        torch.testing.assert_close(cached_grads[name], grad, atol=1e-5, rtol=0)


def test_views_without_a_key_are_not_stored(tmp_path):
    config = dict(
        teacher=dict(type='PatchEncoder'),
        loss=dict(type='DCSDLoss', embed_dims=32, teacher_dims=24),
        store=str(tmp_path),
    )
    branch = vsd_branch(distillation=config)
    frame = noise_frame(0)
    for _ in range(2):
        branch.describe(frame_batch(frame, teacher=[TeacherView(frame)]))
        branch.describe(frame_batch(frame))
    assert branch.distillation.teacher().seen == 4
    assert not list(tmp_path.rglob('*.npy'))
