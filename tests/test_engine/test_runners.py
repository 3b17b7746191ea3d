"""Runners of configs, and the test of a model."""

from mmengine.config import Config
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from toy_runner import ToyModel, build_runner
from vsd_mot.engine import runners


@RUNNERS.register_module(force=True)
class NamedRunner(Runner):
    """A runner of somebody else's."""


def settings_of(folder, name, **changes):
    """The settings that make a toy runner, as a config holds them."""
    loader = dict(
        batch_size=4, num_workers=0, dataset=dict(type='ToyDataset'),
        sampler=dict(type='DefaultSampler', shuffle=False),
    )  # fmt: skip
    return Config(
        dict(model=dict(type='ToyModel'), work_dir=str(folder), test_dataloader=loader,
             test_cfg=dict(), test_evaluator=dict(type='CountMetric'), experiment_name=name)
        | changes
    )  # fmt: skip


def test_the_config_names_its_runner(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(Runner, 'from_cfg', classmethod(lambda cls, cfg: made.append(cls)))
    runners.build_runner(settings_of(tmp_path, 'plain'))
    runners.build_runner(settings_of(tmp_path, 'named', runner_type='NamedRunner'))
    assert made == [Runner, NamedRunner]


def test_parts_load_their_own_weights_before_a_test(tmp_path, monkeypatch):
    calls = []

    class Model(ToyModel):
        def init_weights(self):
            calls.append('init_weights')

        def test_step(self, data):
            calls.append('test_step')
            return super().test_step(data)

    runner = build_runner(tmp_path, 'own weights', model=Model())
    monkeypatch.setattr(runners, 'build_runner', lambda config: runner)
    assert runners.run_test(settings_of(tmp_path, 'test')) == {'count': 8}
    assert calls == ['init_weights', 'test_step', 'test_step']
