"""Settings, checkpoints and names are data: nothing in them is run, or leads out of a folder."""

import copy
import sys

import pytest
import torch

from hostile_files import PROGRAM, PROOF, SETTINGS, write
from toy_runner import build_runner
from vsd_mot.commands import degrade, robustness
from vsd_mot.engine.configs import load_config, read_config
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.errors import ConfigError
from vsd_mot.fileio import safe_name
from vsd_mot.visualization.quality_plot import plot_quality

pytestmark = pytest.mark.usefixtures('no_code_runs')


def test_settings_of_all_three_forms(tmp_path):
    wanted = {'settings': {'second_blur_prob': 0.5}, 'names': ['a', 'b']}
    for name, text in {
        'a.json': '\ufeff{"settings": {"second_blur_prob": 0.5}, "names": ["a", "b"]}',
        'b.yaml': '\ufeffx: &x {second_blur_prob: 0.5}\nsettings: *x\nnames: [a, b]',
        'c.py': 'settings = dict(second_blur_prob=0.5)\nnames = ["a", "b"]',
    }.items():
        found = load_config(write(tmp_path / name, text)).to_dict()
        found.pop('x', None)
        assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    'type_name',
    ['os.mkdir', 'builtins.exec', 'subprocess.Popen', 'mmengine.load', 'antigravity', 'torch.load'],
)
def test_a_type_in_data_is_a_registered_class(tmp_path, type_name):
    text = f'model: {{type: MOTRv2, part: [{{type: {type_name}, path: {PROOF}}}]}}'
    with pytest.raises(ConfigError, match=rf"there is no registered class '{type_name}'"):
        read_config(write(tmp_path / 'model.yaml', text))


@pytest.mark.parametrize('key', ['_base_', 'custom_imports'])
def test_data_stand_alone(tmp_path, key):
    write(tmp_path / 'base.py', PROGRAM)
    with pytest.raises(ConfigError, match=f'{key} needs a config in Python'):
        load_config(write(tmp_path / 'model.yaml', f'{key}: base.py\nmodel: {{type: MOTRv2}}'))


def test_registered_classes_are_taken(tmp_path):
    text = 'model: {type: mmdet.YOLOX, backbone: {type: CSPDarknet, norm_cfg: {type: BN}}}'
    assert read_config(write(tmp_path / 'model.yaml', text)).model.type == 'mmdet.YOLOX'


@pytest.mark.parametrize(
    'program', ['import sys\nsys.exit(0)', 'exit()', 'raise SystemExit', '1/0']
)
def test_config_that_ends_the_program_is_no_success(tmp_path, program, capsys):
    path = write(tmp_path / 'settings.py', program)
    (tmp_path / 'set' / 'A' / 'img1').mkdir(parents=True)
    assert degrade.main([str(tmp_path / 'set'), str(tmp_path / 'lq'), '--settings', str(path)]) == 1
    assert 'settings.py' in capsys.readouterr().err


def test_command_reads_settings_as_data(tmp_path, capsys):
    path = write(tmp_path / 'evil.yaml', SETTINGS['object.yaml'][0])
    (tmp_path / 'set' / 'A' / 'img1').mkdir(parents=True)
    assert degrade.main([str(tmp_path / 'set'), str(tmp_path / 'lq'), '--settings', str(path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith('make_lq: ')
    assert 'evil.yaml' in error


@pytest.fixture(scope='module')
def trained(tmp_path_factory):
    """A checkpoint of a training, as this package saves it."""
    folder = tmp_path_factory.mktemp('trained')
    build_runner(folder, 'reliability-first', train_cfg=dict(by_epoch=True, max_epochs=1)).train()
    return folder / 'epoch_1.pth'


def poisoned(value, depth=0):
    """Every text in a checkpoint replaced by a program, and a config added."""
    if isinstance(value, dict):
        return {key: poisoned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, depth + 1) for item in value]
    return PROGRAM if isinstance(value, str) else value


def test_no_text_of_a_checkpoint_is_run_on_resuming(tmp_path, trained):
    content = torch.load(trained, weights_only=False)
    content['meta'] = poisoned(content['meta'])
    content['meta'].update(config=PROGRAM, cfg=PROGRAM, seed=0)
    torch.save(content, tmp_path / 'poisoned.pth')
    compiled = []
    watching = True

    def watch(event, arguments):
        if watching and event in ('compile', 'exec'):
            compiled.append(str(arguments[0]))

    sys.addaudithook(watch)  # cannot be taken away again
    runner = build_runner(
        tmp_path / 'work', 'reliability-resumed', load_from=str(tmp_path / 'poisoned.pth'),
        resume=True,
    )  # fmt: skip
    runner.train()
    watching = False
    assert runner.epoch == 3
    assert not [text for text in compiled if PROOF in text]


def test_config_is_left_out_wherever_a_checkpoint_is_read(tmp_path, trained):
    content = load_weights(trained)
    assert 'config' not in content['meta']
    assert content['meta']['epoch'] == 1


BAD_NAMES = ['../../x', 'a/b', '..', '.', '', 'a\\b', '/etc', 'a\nb', 'a\0b', 'x\udcff', '街' * 90]


@pytest.mark.parametrize('name', BAD_NAMES)
def test_names_that_lead_elsewhere(tmp_path, name, capsys):
    with pytest.raises(ValueError, match='choose another'):
        safe_name(name)
    if not name or '\udcff' in name:
        return
    models = ['config.py', 'none']
    options = ['--names', name, '--work-dir', str(tmp_path / 'work')]
    assert robustness.main([*models, *options]) == 1
    assert 'choose another' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_names_are_no_formulas(tmp_path):
    for name in ('lot_$3_to_$5_^', '$', '\\frac', 'a_b'):
        path = plot_quality([{'quality': 0.5}] * 2, tmp_path / 'a.png', title=name)
        assert path.stat().st_size > 1000


def test_settings_are_not_changed_by_reading(tmp_path):
    path = write(tmp_path / 'a.yaml', 'model: {type: YOLOX}')
    first = load_config(path)
    before = copy.deepcopy(first.to_dict())
    read_config(first, {'model.extra': 1})
    assert first.to_dict() == before
