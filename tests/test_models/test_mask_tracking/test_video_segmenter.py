"""Following objects through videos against the published tracker, and its bounds."""

import pytest
import torch
from mmtrack.registry import MODELS

from hqtrack_fixtures import clip, largest_difference, network_input, numbers, published_vmos, table
from tiny_masks import VMOS
from vsd_mot.models.mask_tracking import MemorySettings
from vsd_mot.models.mask_tracking.frame_masks import FrameMasks
from vsd_mot.models.mask_tracking.labels import CLOSED
from vsd_mot.models.mask_tracking.video_segmenter import VideoSegmenter


@pytest.fixture(scope='module')
def vmos():
    return published_vmos()


def tiny_vmos():
    torch.manual_seed(0)
    return MODELS.build(VMOS).eval()


def masks_of(labels, identities):
    return {one: torch.from_numpy(labels == one) for one in identities}


def follow_with_given_labels(vmos, pictures, labels, birth_frame=None):
    """Feed the memory with true labels; object 3 is hidden before ``birth_frame``.

    Yields:
        The segmenter after each frame, logits at 1/4 and the predicted labels.
    """
    segmenter = VideoSegmenter(vmos, MemorySettings(long_gap=2))
    for frame, (picture, label) in enumerate(zip(pictures, labels)):
        image, size = network_input(picture[None])[0], label.shape
        read = None
        if frame:
            memory = segmenter.followed[0].memory
            read = list(memory.long_frames), memory.short_frames[0]
        found = segmenter.segment(image, size)
        logits = segmenter.logits[0] if frame else None
        label = label.copy()
        if birth_frame is None or frame < birth_frame:
            label[label == 3] = 0
        truth = FrameMasks(torch.from_numpy(label).long(), found.identities, found.scores)
        if frame == 0:
            segmenter.remember(found, masks_of(label, (1, 2)))
        elif frame == birth_frame:
            truth.labels[truth.labels == 3] = 0
            segmenter.remember(truth, masks_of(label, (3,)))
        else:
            segmenter.remember(truth)
        yield segmenter, logits, found.labels, read


def book(segmenter, frame, read) -> dict:
    """The entry of the published memory book that belongs to a frame."""
    followed = segmenter.followed[0]
    entry = dict(frame=frame)
    if frame:
        entry.update(read_long=read[0], read_short=read[1])
        entry.update(long_tokens=[one.keys.shape[1] for one in followed.memory.long])
        entry.update(short_list_len=len(followed.memory.short_frames))
    entry.update(long_after=followed.memory.long_frames)
    entry.update(short_after=followed.memory.short_frames[0], obj=len(followed.group.slots))
    return entry


def test_logits_memory_and_labels_with_given_masks(vmos):
    stored, books = numbers('video_forced'), table('video_forced_memory')
    # The published protocol puts a frame with a new object twice into the short list, until
    # it is full again; what is read is the same.
    for entry in books[3:5]:
        entry['short_list_len'] -= 1
    books[5]['short_list_len'] -= 1
    pictures, labels = clip()
    for frame, (segmenter, logits, found, read) in enumerate(
        follow_with_given_labels(vmos, pictures, labels, birth_frame=3)
    ):
        assert book(segmenter, frame, read) == books[frame]
        if frame == 0:
            continue
        expected = stored['logits'][frame]
        assert largest_difference(logits[:4, ::2, ::2], expected) < 1e-4
        assert (logits[4:] == CLOSED).all()
        assert (found == stored['pred'][frame - 1]).float().mean() >= 0.999


def test_the_limit_of_the_long_memory(vmos):
    stored, books = numbers('video_tiny26'), table('memory_26_frames_gap2')
    pictures, labels = clip(26, 65, 97, 3)
    labels[labels == 3] = 0
    # The pictures have the third object; the published run did not tell of it.
    assert pictures.sum((1, 2, 3)).tolist() == stored['frame_sums'].tolist()
    for frame, (segmenter, logits, _, read) in enumerate(
        follow_with_given_labels(vmos, pictures, labels)
    ):
        assert book(segmenter, frame, read) == books[frame]
        if frame:
            expected = stored['logits'][frame]
            assert largest_difference(logits[:3, ::4, ::4], expected) < 1e-4


def test_a_video_on_its_own_predictions(vmos):
    stored = numbers('video_free')
    pictures, labels = clip()
    segmenter = VideoSegmenter(vmos, MemorySettings(long_gap=2))
    for frame, (picture, label) in enumerate(zip(pictures, labels)):
        found = segmenter.segment(network_input(picture[None])[0], label.shape)
        born = {0: (1, 2), 3: (3,)}.get(frame, ())
        found = segmenter.remember(found, masks_of(label, born))
        if frame:
            same = (found.labels == stored['pred'][frame - 1]).float().mean()
            assert same >= 0.995
    assert largest_difference(segmenter.logits[0][:4], stored['logits_last']) < 1e-2


def test_thirty_objects_of_any_identity():
    vmos = tiny_vmos()
    segmenter = VideoSegmenter(vmos, MemorySettings())
    identities = [7 * k + 1000 for k in range(30)]
    labels = torch.arange(64).view(1, 64).expand(64, 64) // 2
    born = {one: labels == at for at, one in enumerate(identities)}
    image = torch.randn(3, 65, 65)
    segmenter.remember(segmenter.segment(image, (64, 64)), born)
    assert [len(one.group.slots) for one in segmenter.followed] == [10, 10, 10]
    found = segmenter.segment(image, (64, 64))
    assert found.identities == identities
    assert found.masks.shape == (30, 64, 64)
    assert (found.masks.sum(0) <= 1).all()


def test_one_object_a_group_is_separate_tracking():
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings(), max_objects_per_group=1)
    masks = torch.zeros(2, 32, 32, dtype=torch.bool)
    masks[0, :8], masks[1, 20:] = True, True
    image = torch.randn(3, 33, 33)
    segmenter.remember(segmenter.segment(image, (32, 32)), {4: masks[0], 2: masks[1]})
    assert [one.group.slots for one in segmenter.followed] == [[4], [2]]
    assert segmenter.segment(image, (32, 32)).identities == [4, 2]


def test_a_place_is_not_given_anew_and_an_empty_group_is_forgotten():
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings(), max_objects_per_group=2)
    image, mask = torch.randn(3, 33, 33), torch.zeros(32, 32, dtype=torch.bool)
    mask[:16] = True
    segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask, 2: ~mask})
    segmenter.close([1])
    found = segmenter.segment(image, (32, 32))
    assert found.identities == [2]
    segmenter.remember(found, {3: mask})
    assert [one.group.slots for one in segmenter.followed] == [[None, 2], [3]]
    segmenter.close([2])
    assert [one.group.slots for one in segmenter.followed] == [[3]]
    segmenter.close([3])
    assert segmenter.followed == []
    assert segmenter.segment(image, (32, 32)).labels.max() == 0


def test_an_object_that_comes_back_has_its_place():
    """The same identity may begin anew once it was closed."""
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings())
    image, mask = torch.randn(3, 33, 33), torch.zeros(32, 32, dtype=torch.bool)
    mask[:16] = True
    segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask, 2: ~mask})
    with pytest.raises(ValueError, match=r'objects \[1\] are being followed already'):
        segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask})
    segmenter.close([1])
    segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask})
    assert segmenter.followed[0].group.slots == [None, 2, 1]


def test_only_groups_with_a_new_object_take_a_reference():
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings(), max_objects_per_group=1)
    image, mask = torch.randn(3, 33, 33), torch.zeros(32, 32, dtype=torch.bool)
    mask[:16] = True
    segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask})
    segmenter.remember(segmenter.segment(image, (32, 32)), {2: ~mask})
    first, second = (one.memory for one in segmenter.followed)
    assert (first.long_frames, first.short_frames) == ([0], [0, 1])
    assert (second.long_frames, second.short_frames) == ([1], [1])


def test_a_mask_of_another_size_is_refused():
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings())
    found = segmenter.segment(torch.randn(3, 33, 33), (32, 32))
    with pytest.raises(ValueError, match=r'mask of a new object is \(16, 32\)'):
        segmenter.remember(found, {1: torch.ones(16, 32, dtype=torch.bool)})


def test_memory_is_bounded_for_ever():
    segmenter = VideoSegmenter(tiny_vmos(), MemorySettings(long_gap=1, long_frames=3))
    image, mask = torch.randn(3, 33, 33), torch.zeros(32, 32, dtype=torch.bool)
    mask[:16] = True
    segmenter.remember(segmenter.segment(image, (32, 32)), {1: mask})
    for _ in range(20):
        segmenter.remember(segmenter.segment(image, (32, 32)))
    memory = segmenter.followed[0].memory
    assert memory.long_frames == [20, 19, 0]
    assert [one.keys.shape[1] for one in memory.long] == [3 * 9, 3 * 25]
    assert memory.short_frames == [17, 18, 19, 20]


def test_more_objects_in_a_group_than_identities_are_refused():
    with pytest.raises(ValueError, match=r'must be in 1\.\.10'):
        VideoSegmenter(tiny_vmos(), MemorySettings(), max_objects_per_group=11)
