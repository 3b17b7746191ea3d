"""A runner around a model of two numbers, for tests of what surrounds a model."""

from pathlib import Path

import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.registry import DATASETS
from mmengine.runner import Runner
from mmtrack.utils import register_all_modules
from torch import Tensor, nn
from torch.utils.data import Dataset


class ToyModel(BaseModel):
    """y = a x + b; the loss is the square of y - x."""

    def __init__(self, names: tuple[str, ...] = ('linear',)) -> None:
        super().__init__()
        for name in names:
            setattr(self, name, nn.Linear(1, 1))
        self.names = names

    def forward(self, inputs: Tensor, mode: str = 'tensor') -> dict[str, Tensor] | list[Tensor]:
        """Applies the layers one after the other."""
        inputs = torch.stack(inputs) if isinstance(inputs, list) else inputs
        outputs = inputs
        for name in self.names:
            outputs = getattr(self, name)(outputs)
        if mode == 'loss':
            return {'loss': (outputs - inputs).square().mean()}
        return list(outputs)


class CountMetric(BaseMetric):
    """Counts what it is given."""

    def process(self, data_batch: dict, data_samples: list) -> None:
        """Takes note of a batch."""
        self.results.extend(data_samples)

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Returns the count."""
        return {'count': len(results)}


@DATASETS.register_module(force=True)
class ToyDataset(Dataset):
    """Eight numbers."""

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {'inputs': torch.tensor([float(index)])}


def build_runner(work_dir: Path, name: str, model: BaseModel | None = None, **settings) -> Runner:
    """Builds a runner that trains for three epochs, or tests, with this project's hooks.

    Args:
        work_dir: Its folder.
        name: Of the experiment; must not have been used before.
        model: The model, a new `ToyModel` by default.
        **settings: Override those of `Runner`.
    """
    register_all_modules(init_default_scope=False)
    torch.manual_seed(0)
    loader = dict(
        batch_size=4,
        num_workers=0,
        dataset=dict(type='ToyDataset'),
        sampler=dict(type='DefaultSampler', shuffle=True),
    )
    arguments = dict(
        model=model or ToyModel(),
        work_dir=str(work_dir),
        train_dataloader=loader,
        train_cfg=dict(by_epoch=True, max_epochs=3),
        optim_wrapper=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=0.01)),
        param_scheduler=[dict(type='MultiStepLR', milestones=[2])],
        test_dataloader=loader,
        test_cfg=dict(),
        test_evaluator=[CountMetric()],
        default_hooks=dict(checkpoint=dict(type='AtomicCheckpointHook', interval=1)),
        custom_hooks=[dict(type='CheckpointFitHook')],
        default_scope='mmtrack',
        randomness=dict(seed=0),
        experiment_name=name,
    )
    arguments.update(settings)
    return Runner(**arguments)
