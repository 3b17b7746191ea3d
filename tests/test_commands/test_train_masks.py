"""HQTrack is trained and tested from its config by the usual tools."""

from mmengine.config import Config

from tiny_masks import VMOS, write_mots_set
from vsd_mot.commands import test as testing
from vsd_mot.commands import train as training
from vsd_mot.engine.configs import find_config_file


def test_the_tiny_config_trains_and_tests(tmp_path, monkeypatch, capsys):
    write_mots_set(tmp_path / 'data')
    write_mots_set(tmp_path / 'data', split='val')
    monkeypatch.chdir(tmp_path)
    cfg = Config.fromfile(
        find_config_file('hqtrack/hqtrack_tiny_1xb4-1k_synthetic_test-synthetic.py')
    )
    cfg.model.vmos = VMOS
    cfg.model.update(short_edge=48, long_edge=96)
    clips = cfg.train_dataloader.dataset.clips
    clips.update(data_root='data', clip_length=2)
    clips.pipeline[0].update(size=49, short_edge=65)
    cfg.train_dataloader.batch_size = 1
    cfg.test_dataloader.dataset.update(data_root='data', min_pixels=1)
    cfg.train_cfg.max_iters = 2
    cfg.default_hooks.logger.interval = 1
    cfg.default_hooks.checkpoint.interval = 2
    cfg.dump('tiny.py')
    training.main(['tiny.py', '--work-dir', 'work', '--device', 'cpu'])
    assert 'loss_propagated' in capsys.readouterr().out
    testing.main(['tiny.py', 'work/iter_2.pth', '--work-dir', 'work', '--device', 'cpu'])
    printed = capsys.readouterr().out
    assert 'masks/J&F' in printed
    assert 'masks/MOTS HOTA' in printed
