"""Compare a checkpoint with the model it is loaded into, and refuse one that does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mmengine.hooks import Hook
from mmengine.model import BaseModule, is_model_wrapper
from mmengine.runner import BaseLoop, Runner
from mmtrack.registry import HOOKS
from torch import Tensor, nn

MAX_LISTED_KEYS = 20


@runtime_checkable
class TrainingOnlyParts(Protocol):
    """A module with parts that only training needs, such as a teacher.

    Attributes:
        training_only_parts: Names of these submodules, be they there or not (None).
    """

    training_only_parts: tuple[str, ...]


@dataclass
class CheckpointFit:
    """How the keys of a checkpoint and of a model compare.

    Attributes:
        weights: The tensors of the checkpoint that were compared, by the model's names: without
            the prefix `module.` and, if not for training, without the parts for training only.
        fitting: Number of keys with equal shapes in both.
        missing: Keys of the model that the checkpoint lacks.
        missing_pretrained: Keys of the model that the checkpoint lacks, of parts with weights of
            their own: all keys of a submodule whose `init_cfg` is of type `Pretrained`.
        mismatched: Keys with different shapes, as 'key: checkpoint shape, model shape'.
        unexpected: Keys of the checkpoint that the model lacks.
    """

    weights: dict[str, Tensor]
    fitting: int
    missing: list[str]
    missing_pretrained: list[str]
    mismatched: list[str]
    unexpected: list[str]

    def describe(self) -> str:
        """List the keys that do not fit, '' when all fit."""
        parts = (
            ('missing in the checkpoint', self.missing),
            (
                'missing in the checkpoint, kept from the weights of their own',
                self.missing_pretrained,
            ),
            ('of another shape', self.mismatched),
            ('in the checkpoint, but not in the model', self.unexpected),
        )
        return '\n'.join(
            f'  {len(keys)} keys {problem}: {_shorten(keys)}' for problem, keys in parts if keys
        )


def _shorten(keys: list[str]) -> str:
    rest = len(keys) - MAX_LISTED_KEYS
    return ', '.join(keys[:MAX_LISTED_KEYS]) + (f', and {rest} more' if rest > 0 else '')


def pretrained_parts(model: nn.Module) -> Iterator[tuple[str, BaseModule]]:
    """Find the modules whose config names a file of weights, outer ones first.

    Args:
        model: The model as its config builds it.

    Yields:
        Prefix of the module's keys, '' for the model itself, and the module.
    """
    for name, module in model.named_modules():
        if not isinstance(module, BaseModule):  # only these have an `init_cfg`
            continue
        configs = module.init_cfg or []
        configs = [configs] if isinstance(configs, dict) else configs
        if any(config.get('type') == 'Pretrained' for config in configs):
            yield f'{name}.' if name else '', module


def training_prefixes(model: nn.Module) -> Iterator[str]:
    """Find the parts that only training needs, be they there or not.

    Args:
        model: The model as its config builds it.

    Yields:
        Prefix of a part's keys.
    """
    for name, module in model.named_modules():
        if isinstance(module, TrainingOnlyParts):
            for part in module.training_only_parts:
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
    model: nn.Module, state_dict: dict[str, Tensor], *, for_training: bool = True
) -> CheckpointFit:
    """Compare the keys and shapes of a checkpoint with those of a model.

    Args:
        model: The model, not wrapped.
        state_dict: The checkpoint's; a prefix `module.` is disregarded, as MMEngine does.
        for_training: Whether the parts that only training needs count (`TrainingOnlyParts`).

    Returns:
        The comparison. Batch norms' `num_batches_tracked` and left-over `ema_*` do not count.
    """
    ignored = () if for_training else tuple(training_prefixes(model))
    stripped = {key.removeprefix('module.'): value for key, value in state_dict.items()}
    weights = {key: value for key, value in stripped.items() if not key.startswith(ignored)}
    expected = {
        key: value
        for key, value in model.state_dict().items()
        if not key.endswith('num_batches_tracked') and not key.startswith(ignored)
    }
    pretrained = tuple(
        prefix
        for prefix, _ in pretrained_parts(model)
        if prefix and not any(key.startswith(prefix) for key in weights)
    )
    absent = [key for key in expected if key not in weights]
    common = [key for key in expected if key in weights]
    mismatched = [
        f'{key}: {tuple(weights[key].shape)}, {tuple(expected[key].shape)}'
        for key in common
        if weights[key].shape != expected[key].shape
    ]
    return CheckpointFit(
        weights=weights,
        fitting=len(common) - len(mismatched),
        missing=[key for key in absent if not key.startswith(pretrained)],
        missing_pretrained=[key for key in absent if key.startswith(pretrained)],
        mismatched=mismatched,
        unexpected=[
            key
            for key in weights
            if key not in expected
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
      may be missing. In testing, parts that only training needs (`TrainingOnlyParts`) do not
      count.
    - Training from `load_from` may start with some of the keys, not with none of them.
    - Whatever does not fit is listed in the log.
    - Testing with no checkpoint at all is a warning.

    It acts in MMTracking's own scripts too, being part of the config.

    Args:
        strict: Whether a misfit is an error; if not, it is listed only.
    """

    # After EMAHook, which exchanges the weights in the checkpoint.
    priority = 'LOWEST'

    def __init__(self, *, strict: bool = True) -> None:
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
        weights = checkpoint.get('state_dict', checkpoint)
        fit = compare_checkpoint(model, weights, for_training=trains)
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
        """Warn of a test without a checkpoint.

        Args:
            runner: The runner.
        """
        if not self.has_loaded and not isinstance(runner._train_loop, BaseLoop):
            runner.logger.warning(
                'There is no checkpoint: the model is tested with its initial weights.'
            )
