"""Whenever a training is killed, a whole checkpoint is there to resume from."""

from pathlib import Path

import pytest
import torch
from mmengine.hooks import Hook

from toy_runner import build_runner


class FolderRecorder(Hook):
    """Notes which checkpoints are in the folder when a new one is about to be written."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def before_save_checkpoint(self, runner, checkpoint: dict) -> None:
        """Takes the note."""
        self.seen.append(sorted(path.name for path in Path(runner.work_dir).glob('*.pth')))


def test_outdated_checkpoint_goes_after_the_new_one_came(tmp_path: Path) -> None:
    recorder = FolderRecorder()
    runner = build_runner(
        tmp_path,
        'outdated',
        default_hooks=dict(
            checkpoint=dict(type='AtomicCheckpointHook', max_keep_ckpts=1, interval=1)
        ),
    )
    runner.register_hook(recorder)
    (tmp_path / '.epoch_9.pth.123.tmp').write_bytes(b'left by a killed training')
    runner.train()
    assert recorder.seen == [[], ['epoch_1.pth'], ['epoch_2.pth']]
    assert [path.name for path in tmp_path.glob('*.pth')] == ['epoch_3.pth']
    assert (tmp_path / 'last_checkpoint').read_text() == str(tmp_path / 'epoch_3.pth')
    assert not list(tmp_path.glob('.*.tmp'))


class Interruption(Hook):
    """Stops the training when its second epoch begins."""

    def before_train_epoch(self, runner) -> None:
        """Stops."""
        if runner.epoch == 1:
            raise KeyboardInterrupt


def test_training_resumes_where_it_was(tmp_path: Path) -> None:
    whole = build_runner(tmp_path / 'whole', 'whole')
    whole.train()

    first = build_runner(tmp_path / 'parts', 'first part')
    first.register_hook(Interruption())
    with pytest.raises(KeyboardInterrupt):
        first.train()
    second = build_runner(tmp_path / 'parts', 'second part', resume=True)
    second.train()
    assert second.epoch == 3
    # Optimiser, schedule and the order of the data go on as if nothing had happened.
    for name, value in whole.model.state_dict().items():
        torch.testing.assert_close(second.model.state_dict()[name], value)


def test_resumed_training_still_deletes_what_is_outdated(tmp_path: Path) -> None:
    hooks = dict(checkpoint=dict(type='AtomicCheckpointHook', interval=1, max_keep_ckpts=1))
    first = build_runner(tmp_path, 'keep, first part', default_hooks=hooks)
    first.register_hook(Interruption())
    with pytest.raises(KeyboardInterrupt):
        first.train()
    build_runner(tmp_path, 'keep, second part', default_hooks=hooks, resume=True).train()
    assert [path.name for path in tmp_path.glob('*.pth')] == ['epoch_3.pth']
