"""Settings, checkpoints and names are data: nothing in them is run, or leads out of a folder.

A further way to hide a program in a file is one more row of the tables.
"""

import copy
import os
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from toy_runner import ToyModel, build_runner
from vsd_mot.commands import degrade, robustness
from vsd_mot.data_files import read_json, read_settings
from vsd_mot.engine.configs import load_config, read_config
from vsd_mot.engine.launch import check_checkpoint
from vsd_mot.engine.safe_loading import load_weights
from vsd_mot.errors import CheckpointError, ConfigError, DataFileError
from vsd_mot.fileio import open_new, replacing, safe_name, temporary_beside, write_atomically
from vsd_mot.visualization.quality_plot import plot_quality

PROOF = 'PROOF_OF_CODE'
PROGRAM = f"import os\nos.mkdir('{PROOF}')\n"
BOMB = 'a: &a [x, x, x, x, x, x, x, x, x]\n' + ''.join(
    f'{name}: &{name} [{", ".join([f"*{before}"] * 9)}]\n'
    for before, name in zip('abcdefg', 'bcdefgh', strict=True)
)

SETTINGS = {
    'object.yaml': (f'settings: !!python/object/apply:os.mkdir ["{PROOF}"]', 'cannot be read as'),
    'name.yaml': ('settings: !!python/name:os.system', 'cannot be read as'),
    'module.yml': ('!!python/module:this', 'cannot be read as'),
    'new.yml': (f'a: !!python/object/new:os.mkdir ["{PROOF}"]', 'cannot be read as'),
    'own.yaml': ('a: !thing {b: 1}', 'cannot be read as'),
    'bomb.yaml': (BOMB, 'aliases written out'),
    'merge.yaml': (BOMB + 'model: {<<: *h}', 'aliases written out'),
    'cycle.yaml': ('a: &a [*a]', 'leads back to itself'),
    'deep.yaml': ('a: ' + '[' * 200 + ']' * 200, 'levels deep'),
    'deeper.yaml': ('a: ' + '[' * 20_000, 'levels deep|nested'),
    'deep.json': ('{"a": ' + '[' * 100_000 + ']' * 100_000 + '}', 'nested too deeply'),
    'huge.yaml': ('a: ' + 'x' * (1 << 20), 'at most 1048576 are read'),
    'twice.yaml': ('a: 1\na: 2', "the key 'a' is there twice"),
    'twice.json': ('{"a": 1, "a": 2}', "the key 'a' is there twice"),
    'list.json': ('[1, 2]', 'must hold settings by name'),
    'text.yaml': ('hello world', 'must hold settings by name'),
    'cut.json': ('{"a": [1, ', 'is not JSON'),
    'documents.yaml': ('a: 1\n---\nb: 2', 'cannot be read as'),
    'binary.yaml': (b'\xff\xfe\x00\x01', 'is not UTF-8 text'),
}


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    """Every test works in a folder of its own, in which no program may have left its proof."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.rglob(f'*{PROOF}*'))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize('name', SETTINGS)
def test_settings_are_data(tmp_path, name):
    content, message = SETTINGS[name]
    path = write(tmp_path / name, content)
    with pytest.raises(DataFileError, match=rf'{name}.*({message})'):
        read_settings(path)
    with pytest.raises(ConfigError, match=rf'{name}.*({message})'):
        load_config(path)


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


CHECKPOINTS = {
    'state is a list': (dict(state_dict=[1, 2]), 'its state_dict is a list'),
    'state is text': (dict(state_dict='x'), 'its state_dict is a str'),
    'state has numbers for names': (dict(state_dict={1: torch.ones(1)}), 'its state_dict'),
    'meta is a list': (dict(state_dict={}, meta=['config']), 'its meta is a list'),
    'meta is text': (dict(state_dict={}, meta='config'), 'its meta is a str'),
    'not a number': (dict(state_dict=dict(w=torch.tensor([1, float('nan')]))), 'w is not finite'),
    'infinite': (dict(w=torch.tensor([float('inf')])), 'w is not finite'),
    'complex': (dict(state_dict=dict(w=torch.ones(1, dtype=torch.complex64))), 'w is complex'),
}


@pytest.mark.parametrize('kind', CHECKPOINTS)
def test_checkpoint_of_another_form(tmp_path, kind):
    content, message = CHECKPOINTS[kind]
    path = tmp_path / 'odd.pth'
    torch.save(content, path)
    with pytest.raises(RuntimeError, match=rf'odd\.pth.*{message}'):
        load_weights(path)


def test_weights_alone_are_not_resumed(tmp_path):
    path = tmp_path / 'bare.pth'
    torch.save(dict(state_dict=ToyModel().state_dict()), path)
    check_checkpoint(str(path))
    with pytest.raises(CheckpointError, match=r'bare\.pth holds weights, but not .*load_from=FILE'):
        check_checkpoint(str(path), resume=True)


def test_flipped_bit_is_found(tmp_path):
    path = tmp_path / 'flipped.pth'
    torch.save(dict(state_dict=dict(w=torch.zeros(10_000))), path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(RuntimeError, match=r'flipped\.pth: .*check sum.*Copy or download it again'):
        load_weights(path)


@pytest.mark.parametrize('name', ['weights.safetensors', 'renamed.pth'])
def test_safetensors_are_weights(tmp_path, name):
    model = ToyModel()
    save_file(model.state_dict(), tmp_path / name)
    found = load_weights(str(tmp_path / name), map_location='cpu')
    assert {key: value.tolist() for key, value in found.items()} == {
        key: value.tolist() for key, value in model.state_dict().items()
    }
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[:-1])
    with pytest.raises(RuntimeError, match=rf'{name}: .*cut off'):
        load_weights(str(tmp_path / name))


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


@pytest.mark.parametrize('name', ['MOTRv2', 'street 03', '街' * 77, 'lot_$3_to_$5_^', '-x', "a'b"])
def test_names_that_are_only_names(tmp_path, name):
    assert safe_name(name) == name
    for suffix in ('_tracked.mp4', '.txt'):
        path = tmp_path / f'{name}{suffix}'
        for temporary in (temporary_beside(path), temporary_beside(path, '.partial')):
            open_new(temporary).close()
            assert temporary.parent == tmp_path
        write_atomically(path, 'whole')


def test_names_are_no_formulas(tmp_path):
    for name in ('lot_$3_to_$5_^', '$', '\\frac', 'a_b'):
        path = plot_quality([{'quality': 0.5}] * 2, tmp_path / 'a.png', title=name)
        assert path.stat().st_size > 1000


def test_temporaries_are_new_and_unlike_each_other(tmp_path):
    path = tmp_path / 'a.txt'
    assert len({temporary_beside(path) for _ in range(100)}) == 100
    with replacing(path) as one, replacing(path) as two:
        one.write_text('one')
        two.write_text('two')
        assert one != two
    assert path.read_text() == 'one'
    assert os.listdir(tmp_path) == ['a.txt']


def test_links_are_replaced_not_followed(tmp_path):
    precious = write(tmp_path / 'precious', 'precious')
    link = tmp_path / 'link.txt'
    link.symlink_to(precious)
    with open_new(link) as file:
        file.write(b'results')
    assert not link.is_symlink()
    assert link.read_bytes() == b'results'
    (tmp_path / 'other.txt').symlink_to(precious)
    write_atomically(tmp_path / 'other.txt', 'results')
    assert precious.read_bytes() == b'precious'


def test_json_names_its_file(tmp_path):
    for text in ('{"a"', '[' * 100_000, '{"a": 1, "a": 2}'):
        with pytest.raises(DataFileError, match=r'results\.json'):
            read_json(write(tmp_path / 'results.json', text))
    assert read_json(write(tmp_path / 'results.json', '\ufeff{"a": 1}')) == {'a': 1}


def test_settings_are_not_changed_by_reading(tmp_path):
    path = write(tmp_path / 'a.yaml', 'model: {type: YOLOX}')
    first = load_config(path)
    before = copy.deepcopy(first.to_dict())
    read_config(first, {'model.extra': 1})
    assert first.to_dict() == before
