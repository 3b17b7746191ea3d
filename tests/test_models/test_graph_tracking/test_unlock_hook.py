"""Levels are unlocked one after another in training."""

from mmengine.config import Config

from two_people_set import dataset_config, tracker_config
from vsd_mot.engine.runners import build_runner


def run_config(root, work_dir):
    loader = dict(batch_size=2, num_workers=0, dataset=dataset_config(root))
    loader['sampler'] = dict(type='DefaultSampler', shuffle=False)
    test = dict(loader, batch_size=1, dataset=dataset_config(root, test_mode=True))
    evaluator = dict(type='MOTChallengeMetrics', metric=['HOTA', 'CLEAR', 'Identity'])
    return dict(
        model=tracker_config(),
        work_dir=str(work_dir),
        train_dataloader=loader,
        val_dataloader=test,
        test_dataloader=test,
        train_cfg=dict(type='EpochBasedTrainLoop', max_epochs=4, val_interval=4),
        val_cfg=dict(type='ValLoop'),
        test_cfg=dict(type='TestLoop'),
        val_evaluator=evaluator,
        test_evaluator=evaluator,
        optim_wrapper=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1e-3)),
        custom_hooks=[dict(type='UnlockLevelsHook', every=2)],
        default_scope='mmtrack',
        experiment_name=work_dir.name,
        log_level='WARNING',
        randomness=dict(seed=0),
    )


def test_training_unlocks_levels_and_is_scored(two_people_set, tmp_path):
    runner = build_runner(Config(run_config(two_people_set, tmp_path)))
    seen = []

    def record(*args, **kwargs):
        seen.append(runner.model.hierarchy.active_levels)
        return loss(*args, **kwargs)

    loss = runner.model.hierarchy.loss
    runner.model.hierarchy.loss = record
    runner.train()
    assert seen == [1, 1, 2, 2]
    assert runner.model.hierarchy.active_levels == 3
    scores = runner.message_hub.log_scalars
    assert any(name.endswith('HOTA') for name in scores)
