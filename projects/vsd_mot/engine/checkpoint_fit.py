"""Telling when a checkpoint does not fit the model it is loaded into."""

from collections.abc import Iterable
from dataclasses import dataclass

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import BaseLoop, Runner
from mmtrack.registry import HOOKS
from torch import Tensor, nn

SHOWN_KEYS = 20


@dataclass
class CheckpointFit:
    """How the keys of a checkpoint and of a model compare.

    Attributes:
        fitting: Number of keys with equal shapes in both.
        missing: Keys of the model that the checkpoint lacks.
        elsewhere: Keys of the model that the checkpoint lacks, of parts with weights of their own:
            all keys of a submodule whose `init_cfg` is of type `Pretrained`.
        mismatched: Keys with different shapes, as 'key: checkpoint shape, model shape'.
        unexpected: Keys of the checkpoint that the model lacks.
    """

    fitting: int
    missing: list[str]
    elsewhere: list[str]
    mismatched: list[str]
    unexpected: list[str]

    def describe(self) -> str:
        """List the keys that do not fit, '' when all fit."""
        parts = (
            ('missing in the checkpoint', self.missing),
            ('missing in the checkpoint, kept from the weights of their own', self.elsewhere),
            ('of another shape', self.mismatched),
            ('in the checkpoint, but not in the model', self.unexpected),
        )
        return '\n'.join(
            f'  {len(keys)} keys {what}: {_shorten(keys)}' for what, keys in parts if keys
        )


def _shorten(keys: list[str]) -> str:
    rest = len(keys) - SHOWN_KEYS
    return ', '.join(keys[:SHOWN_KEYS]) + (f', and {rest} more' if rest > 0 else '')


def pretrained_prefixes(model: nn.Module) -> Iterable[str]:
    """Names of the modules whose config names a file of weights, outer ones first.

    Args:
        model: The model as its config builds it.

    Yields:
        A submodule's name with a dot at the end; '' for the model itself.
    """
    for name, module in model.named_modules():
        configs = getattr(module, 'init_cfg', None) or []
        configs = [configs] if isinstance(configs, dict) else configs
        if any(config.get('type') == 'Pretrained' for config in configs):
            yield f'{name}.' if name else ''


def training_prefixes(model: nn.Module) -> Iterable[str]:
    """Names of the parts that only training needs, be they there or not.

    Args:
        model: Its modules may name such parts of theirs in `training_only_parts`.

    Yields:
        A part's name with a dot at the end.
    """
    for name, module in model.named_modules():
        for part in getattr(module, 'training_only_parts', ()):
            yield f'{name}.{part}.' if name else f'{part}.'


def drop_training_parts(model: nn.Module) -> None:
    """Take out what only training needs: teachers, weights of distillation.

    Args:
        model: Its modules may name such parts of theirs in `training_only_parts`.
    """
    for module in list(model.modules()):
        for part in getattr(module, 'training_only_parts', ()):
            setattr(module, part, None)


def compare_checkpoint(
    model: nn.Module, state_dict: dict[str, Tensor], for_training: bool = True
) -> CheckpointFit:
    """Compare the keys and shapes of a checkpoint with those of a model.

    Args:
        model: The model, not wrapped.
        state_dict: The checkpoint's; a prefix `module.` is disregarded, as MMEngine does.
        for_training: Whether the parts that only training needs count (`training_prefixes`).

    Returns:
        The comparison. Batch norms' `num_batches_tracked` and left-over `ema_*` do not count.
    """
    found = {key.removeprefix('module.'): value for key, value in state_dict.items()}
    wanted = {
        key: value
        for key, value in model.state_dict().items()
        if not key.endswith('num_batches_tracked')
    }
    if not for_training:
        idle = tuple(training_prefixes(model))
        found = {key: value for key, value in found.items() if not key.startswith(idle)}
        wanted = {key: value for key, value in wanted.items() if not key.startswith(idle)}
    elsewhere = tuple(
        prefix
        for prefix in pretrained_prefixes(model)
        if prefix and not any(key.startswith(prefix) for key in found)
    )
    absent = [key for key in wanted if key not in found]
    common = [key for key in wanted if key in found]
    mismatched = [
        f'{key}: {tuple(found[key].shape)}, {tuple(wanted[key].shape)}'
        for key in common
        if found[key].shape != wanted[key].shape
    ]
    return CheckpointFit(
        fitting=len(common) - len(mismatched),
        missing=[key for key in absent if not key.startswith(elsewhere)],
        elsewhere=[key for key in absent if key.startswith(elsewhere)],
        mismatched=mismatched,
        unexpected=[
            key
            for key in found
            if key not in wanted
            # MMDetection 2 left a second copy of the weights, an average, in some checkpoints.
            and not key.endswith('num_batches_tracked')
            and not key.startswith('ema_')
        ],
    )


@HOOKS.register_module()
class CheckpointFitHook(Hook):
    """Refuses a checkpoint that leaves parts of a model at their random start, or says so.

    - Testing, validating and resuming need every key: one that is missing or of another shape is
      an error. Keys of parts that come with weights of their own (a detector of the loop, say),
      may be missing. In testing, parts that only training needs (`training_only_parts` of the
      module that they belong to) do not count.
    - Training from `load_from` may start with some of the keys, not with none of them.
    - Whatever does not fit is listed in the log.
    - Testing with no checkpoint at all is a warning.

    It acts in MMTracking's own scripts too, being part of the config.

    Args:
        strict: Whether a misfit is an error; if not, it is listed only.
    """

    # After EMAHook, which exchanges the weights in the checkpoint.
    priority = 'LOWEST'

    def __init__(self, strict: bool = True) -> None:
        self.strict = strict
        self.has_loaded = False

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Compare, before the weights go into the model.

        Args:
            runner: The runner.
            checkpoint: Content of the file.

        Raises:
            ValueError: If the checkpoint does not fit, see the class.
        """
        self.has_loaded = True
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        trains = isinstance(runner._train_loop, BaseLoop)
        fit = compare_checkpoint(model, checkpoint.get('state_dict', checkpoint), trains)
        misfit = fit.describe()
        if not misfit:
            return

        message = f'The checkpoint does not fit the model ({fit.fitting} keys do):\n{misfit}'
        starts_training = trains and not runner._resume
        unusable = not fit.fitting if starts_training else bool(fit.missing or fit.mismatched)
        if self.strict and unusable:
            raise ValueError(
                f'{message}\nCheck that the config is the one the checkpoint was trained with. '
                "To load what fits all the same, set custom_hooks' CheckpointFitHook to "
                'strict=False.'
            )
        runner.logger.warning(message)

    def before_test(self, runner: Runner) -> None:
        """Warns of a test without a checkpoint.

        Args:
            runner: The runner.
        """
        if not self.has_loaded and not isinstance(runner._train_loop, BaseLoop):
            runner.logger.warning(
                'No checkpoint is given: the model is tested with its initial weights.'
            )
