"""Which images the teacher of a distillation sees of a training set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mmengine.dataset import BaseDataset, ConcatDataset

from .transforms import LoadTeacherView


def leaf_datasets(dataset: BaseDataset | ConcatDataset) -> Iterator[BaseDataset]:
    """Yield the data sets below wrappers: those of a concatenation, the one of a repetition."""
    if isinstance(dataset, ConcatDataset):
        for part in dataset.datasets:
            yield from leaf_datasets(part)
    elif isinstance(dataset, BaseDataset):
        yield dataset
    else:
        yield from leaf_datasets(dataset.dataset)


def find_view(transform: object) -> LoadTeacherView | None:
    """Return the LoadTeacherView of a pipeline, also within broadcasters and choices.

    Args:
        transform: A transform, a sequence of them, or one that holds others as `transforms`, as
            those of MMCV and MMEngine do.
    """
    if isinstance(transform, LoadTeacherView):
        return transform
    inner = getattr(transform, 'transforms', transform)
    if inner is transform and not isinstance(transform, list | tuple):
        return None
    parts = inner if isinstance(inner, Iterable) else [inner]
    return next((view for part in parts if (view := find_view(part)) is not None), None)


def teacher_images(dataset: BaseDataset | ConcatDataset) -> list[str]:
    """List the image files that the teacher sees, each once.

    Args:
        dataset: A training set, or several in wrappers.

    Returns:
        Paths, sorted.

    Raises:
        ValueError: A data set's pipeline has no LoadTeacherView.
    """
    paths = set()
    for leaf in leaf_datasets(dataset):
        view = find_view(leaf.pipeline)
        if view is None:
            raise ValueError(
                f'the training pipeline of {leaf.ann_file} has no LoadTeacherView: without it the '
                'teacher sees frames as they are augmented, anew in every epoch, and there is '
                "nothing to store. Put dict(type='LoadTeacherView') behind LoadFrame"
            )
        leaf.full_init()
        for index in range(len(leaf)):
            path = leaf.get_data_info(index)['img_path']
            paths.add(str(view.clean_path(path) or path))
    return sorted(paths)
