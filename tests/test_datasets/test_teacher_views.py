"""Which images a teacher sees: found below wrappers and in nested pipelines."""

import pytest
from mmengine.dataset import BaseDataset, ConcatDataset, RepeatDataset

from vsd_mot.datasets.teacher_views import find_view, leaf_datasets, teacher_images
from vsd_mot.datasets.transforms import LoadTeacherView


class Frames(BaseDataset):
    """Two frames of a name; without a view the pipeline is empty."""

    def __init__(self, name: str, view: LoadTeacherView | None = None) -> None:
        self.name = name
        super().__init__(ann_file=f'{name}.json', lazy_init=True)
        if view is not None:
            self.pipeline.transforms = [view]

    def load_data_list(self) -> list[dict]:
        return [dict(img_path=f'{self.name}/{number}.jpg') for number in (2, 1)]


class Holder:
    """A transform that holds others."""

    def __init__(self, transforms) -> None:
        self.transforms = transforms


def test_a_view_is_found_however_deep():
    view = LoadTeacherView()
    assert find_view([object(), Holder([Holder(view)])]) is view
    assert find_view([Holder([[object()], [view]])]) is view
    assert find_view([Holder([object()])]) is None
    assert find_view(object()) is None


def test_data_sets_below_wrappers_are_found():
    first, second = (Frames(name, LoadTeacherView()) for name in 'ab')
    assert list(leaf_datasets(ConcatDataset([first, second], True))) == [first, second]
    assert list(leaf_datasets(RepeatDataset(second, 3, lazy_init=True))) == [second]
    assert list(leaf_datasets(first)) == [first]


def test_each_image_is_listed_once():
    view = LoadTeacherView()
    wrapped = ConcatDataset([Frames('b', view), Frames('a', view), Frames('b', view)], True)
    assert teacher_images(wrapped) == ['a/1.jpg', 'a/2.jpg', 'b/1.jpg', 'b/2.jpg']


def test_a_pipeline_without_a_view_is_named():
    with pytest.raises(ValueError, match=r'of b\.json has no LoadTeacherView'):
        teacher_images(ConcatDataset([Frames('a', LoadTeacherView()), Frames('b')], True))
