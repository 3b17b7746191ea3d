from pathlib import Path

import pytest
from mmengine.config import Config
from mmtrack.registry import MODELS

CONFIGS = Path(__file__).parents[3] / 'configs'
FAMILIES = {
    'r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval': 'motrv2/motrv2',
    'r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval': 'motrv2/motrv2',
    'tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic': 'vsd_mot/motrv2',
}
MOT = next(iter(FAMILIES))


def load(name: str) -> Config:
    return Config.fromfile(CONFIGS / f'{name}.py')


def rungs(family: str) -> dict[str, Config]:
    """The ladder of table V."""
    second = 'distill' if 'tiny' in family else 'clip-distill'
    names = [FAMILIES[family], *(f'vsd_mot/{rung}' for rung in (second, 'dcsd', 'vsd-mot'))]
    return dict(zip(('baseline', 'plain', 'dcsd', 'dswr'), (load(f'{n}_{family}') for n in names)))


@pytest.mark.parametrize('family', FAMILIES)
def test_the_ladder_changes_one_part_at_a_time(family):
    ladder = rungs(family)
    parts = {name: config.model.get('semantics') for name, config in ladder.items()}
    assert parts['baseline'] is None
    assert parts['plain'].source.type == 'StudentEncoder'
    assert [p.distillation.loss.type for p in (parts['plain'], parts['dcsd'], parts['dswr'])] == [
        'CLIPDistillLoss',
        'DCSDLoss',
        'DCSDLoss',
    ]
    assert [p.fusion.type for p in (parts['plain'], parts['dcsd'], parts['dswr'])] == [
        'FixedFusion',
        'FixedFusion',
        'DSWR',
    ]
    assert parts['dcsd'].get('quality') is None
    assert parts['dswr'].quality.type == 'FrameQuality'
    # all else is the same for every rung: schedule, validation, mix of the data
    for config in ladder.values():
        for key in ('train_cfg', 'param_scheduler', 'optim_wrapper', 'val_dataloader'):
            assert config[key] == ladder['baseline'][key], key
        data = config.train_dataloader.dataset
        mix = data if 'ratio' in data else data.datasets[0]
        assert mix.ratio == [2, 1]
        assert mix.datasets[0].data_root.startswith('data/LQ')


@pytest.mark.parametrize('family', FAMILIES)
def test_every_rung_builds(family):
    counts = []
    for config in rungs(family).values():
        semantics = config.model.get('semantics')
        if semantics is None:
            counts.append(0)
            continue
        # the baseline around it is tested elsewhere
        branch = MODELS.build(semantics)
        counts.append(sum(p.numel() for p in branch.deploy().parameters()))
    assert counts[0] == 0
    assert counts[1] == counts[2]
    assert counts[3] == counts[1] + 2
    if 'r50' in family:
        # 41.9 M of the baseline and this are at most 42.7 M
        assert 600_000 <= counts[3] <= 800_000
        assert 41_875_718 + counts[3] <= 42_700_000


def test_table_vi_has_four_mixes_of_one_length():
    ratios = {'mot': [0, 1], 'lqmot-mot-1to1': [1, 1], 'lqmot-mot': [2, 1], 'lqmot': [1, 0]}
    for mix, ratio in ratios.items():
        config = load(f'vsd_mot/vsd-mot_r50_8xb1-60e_{mix}-crowdhuman_test-lqmotval')
        mixed, crowd = config.train_dataloader.dataset.datasets
        assert mixed.ratio == ratio
        assert len(mixed.datasets) == 2
        assert mixed.get('length') is None
        assert 'crowdhuman' in crowd.data_root


def test_table_vii_has_three_alphas():
    alphas = [
        load(f'vsd_mot/{name}_{MOT}').model.semantics.distillation.alpha
        for name in ('vsd-mot-alpha0.2', 'vsd-mot', 'vsd-mot-alpha0.6')
    ]
    assert alphas == [0.2, 0.4, 0.6]


def test_the_schedules_are_the_papers():
    for family, epochs, drop in zip(FAMILIES, (60, 10), (40, 5)):
        config = rungs(family)['dswr']
        assert config.train_cfg.max_epochs == epochs
        assert config.param_scheduler[0].milestones == [drop]
        assert config.optim_wrapper.optimizer.lr == 2e-4


def test_a_clean_teacher_is_shown_the_originals_of_every_set():
    family = 'r50_8xb1-10e_lqdancetrack-dancetrack-crowdhuman_test-lqdancetrackval'
    config = load(f'vsd_mot/vsd-mot-clean_{family}')
    mixed, *crowd = config.train_dataloader.dataset.datasets
    for source in [*mixed.datasets, *crowd]:
        types = [transform.type for transform in source.pipeline[0].transforms]
        assert types == ['LoadFrame', 'LoadTrackAnnotations', 'LoadTeacherView']
        view = source.pipeline[0].transforms[-1]
        assert view.view == 'clean'
        assert dict(view.clean_roots) == {'data/LQDanceTrack/': 'data/DanceTrack/'}
    assert config.model.semantics.distillation.store
