"""Boxes of masks, the choice between two masks, the merge: the published rules and ours."""

import pytest
import torch

from hqtrack_fixtures import numbers, table
from vsd_mot.models.mask_tracking.refiners import IoUSelector, MaskRefinement, merge_masks

CASES = list(table('refiner_merge'))


class Scripted:
    """Stands for HQ-SAM with the made-up answers of a case; keeps the boxes it is asked for."""

    def __init__(self, case: str) -> None:
        self.stored = numbers('refiner_merge')
        self.case = case
        self.boxes = []
        self.calls = 0

    def __call__(self, picture, boxes):
        self.calls += 1
        self.boxes = boxes.tolist()
        masks = []
        for at in range(len(boxes)):
            answers = self.stored[f'{self.case}_sam{at}']
            best = self.stored[f'{self.case}_score{at}'].argmax()
            masks.append(answers[best].bool())
        return torch.stack(masks)


@pytest.mark.parametrize('case', CASES)
def test_the_published_rule(case):
    refiner, stored = Scripted(case), numbers('refiner_merge')
    refinement = MaskRefinement(refiner, published_merge=True)
    labels = stored[f'{case}_in'].long()
    found = refinement(torch.zeros(3, *labels.shape, dtype=torch.uint8), labels)
    assert torch.equal(found, stored[f'{case}_out'].long())
    assert refiner.boxes == table('refiner_merge')[case]['boxes']
    assert refiner.calls <= 1


def test_our_rule_gives_overlaps_to_the_lowest_identity():
    stored = numbers('refiner_merge')
    labels = stored['id1_missing_overlap_in'].long()
    found = MaskRefinement(Scripted('id1_missing_overlap'))(
        torch.zeros(3, *labels.shape, dtype=torch.uint8), labels
    )
    assert set(found.unique().tolist()) == {0, 2, 3}
    overlap = stored['id1_missing_overlap_sam0'][0].bool() & (
        stored['id1_missing_overlap_sam1'][0].bool()
    )
    assert (found[overlap] == 2).all()


def test_the_selector_takes_a_mask_at_the_threshold():
    found = torch.zeros(2, 10, 10, dtype=torch.bool)
    refined = found.clone()
    found[0, 0, :], refined[0, :, :] = True, True  # an IoU of 0.1
    found[1, 0, :9], refined[1, :, :] = True, True  # less
    chosen = IoUSelector(0.1)(found, refined)
    assert torch.equal(chosen[0], refined[0])
    assert torch.equal(chosen[1], found[1])


def test_merging_nothing_is_background():
    assert merge_masks(torch.zeros(0, 4, 5, dtype=torch.bool), []).tolist() == [[0] * 5] * 4
