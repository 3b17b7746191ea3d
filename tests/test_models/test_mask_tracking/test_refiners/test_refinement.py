"""Boxes of masks, and the merge: the published rules and ours."""

import pytest
import torch

from hqtrack_fixtures import numbers, table
from vsd_mot.models.mask_tracking.refiners import MaskRefinement

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
