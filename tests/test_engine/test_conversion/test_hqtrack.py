"""HQTrack's and InternImage's checkpoints to ours."""

import numpy as np
import pytest
import torch

from hqtrack_fixtures import CONFIG, ROOT, published_weights, table, weight
from vsd_mot.commands.convert_weights import main
from vsd_mot.engine.conversion import ConversionError, build_model
from vsd_mot.engine.conversion.hqtrack import convert_hqtrack, convert_intern_image, halve
from vsd_mot.engine.safe_loading import load_weights


@pytest.fixture(scope='module')
def target():
    return build_model(CONFIG).state_dict()


def test_every_weight_is_used_or_dead(target):
    conversion = convert_hqtrack(published_weights(), target)
    assert len(conversion.used) == 928
    assert len(conversion.dropped) == 29
    dead = sum(published_weights()[key].numel() for key in conversion.dropped)
    assert dead == pytest.approx(2.46e6, rel=1e-2)
    assert not {key for key in conversion.unfilled if key.startswith('vmos.')}
    assert 'never calls' in conversion.report()


def test_the_command_writes_a_checkpoint_that_the_tracker_loads(tmp_path, capsys):
    torch.save({'state_dict': published_weights()}, tmp_path / 'published.pth')
    main(['hqtrack', str(tmp_path / 'published.pth'), str(tmp_path / 'ours.pth')])
    assert '928 weights converted, 29 not used' in capsys.readouterr().out
    weights = load_weights(tmp_path / 'ours.pth')['state_dict']
    tracker = build_model(CONFIG)
    tracker.load_state_dict(weights, strict=True)
    assert torch.equal(
        tracker.vmos.head.classifier.weight, published_weights()['conv_output2.weight']
    )


def test_channels_of_the_fourth_stage_are_those_of_the_published_loop():
    for name, entry in table('intern_convert').items():
        found = halve(name, weight(f'intern.{name}', tuple(entry['from_shape'])))
        assert list(found.shape) == entry['shape']
        flat = found.double().flatten().numpy()
        assert flat.sum() == pytest.approx(entry['sum'], rel=1e-6, abs=1e-6)
        assert (flat * np.arange(len(flat))).sum() == pytest.approx(entry['weighted'], rel=1e-6)


def intern_image(target) -> dict[str, torch.Tensor]:
    """A published InternImage-T, by the keys of HQTrack's encoder, with its wide fourth stage."""
    weights = {
        key.removeprefix('encoder.'): value
        for key, value in published_weights().items()
        if key.startswith('encoder.')
    }
    wide = table('intern_convert')
    for key in weights:
        if key.startswith('levels.3.'):
            like = key.replace(f'blocks.{key.split(".")[3]}.', 'blocks.0.')
            shape = wide[like]['from_shape'] if like in wide else [512]
            if '.mlp.' in key:
                shape = [2 * side for side in weights[key].shape]
            weights[key] = weight(f'intern.{key}', tuple(shape))
    return {**weights, 'head.weight': torch.zeros(1000, 768), 'head.bias': torch.zeros(1000)}


def test_an_intern_image_becomes_the_encoder(target):
    conversion = convert_intern_image(intern_image(target), target)
    encoder = {key for key in target if key.startswith('vmos.encoder.')}
    assert set(conversion.weights) == encoder
    assert conversion.dropped['head.weight'] == 'classifies pictures'


def test_another_checkpoint_is_refused(target):
    with pytest.raises(ConversionError, match='no HQTrack checkpoint'):
        convert_hqtrack({'backbone.conv1.weight': torch.zeros(1)}, target)


def test_the_scripts_are_there():
    for name in ('hqtrack', 'intern_image'):
        assert (
            f"run('convert_weights', ['{name}', "
            in (ROOT / f'tools/model_converters/{name}.py').read_text()
        )
