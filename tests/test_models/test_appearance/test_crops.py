"""People are cut out of frames."""

import torch

from vsd_mot.models.appearance import crop_people


def test_crops_fill_what_is_outside_with_means():
    frame = torch.zeros(3, 20, 20)
    frame[:, :, :10] = 200
    crop = crop_people(frame, torch.tensor([[0, 0, 20, 20.0]]), (20, 20))[0]
    torch.testing.assert_close(crop, frame)
    crop = crop_people(frame, torch.tensor([[-20, 0, 20, 20.0]]), (20, 40))[0]
    torch.testing.assert_close(crop[:, :, 20:], frame, atol=60, rtol=0)
    assert (crop[:, :, :18] == 100).all()
