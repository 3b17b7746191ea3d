"""What the converters share: rules from key to key, the account of every key, writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules
from torch import Tensor

from ...fileio import file_sha256
from ..configs import load_config, without_pretrained
from ..model_card import ModelCard
from ..weight_writing import write_weights
from .reading import ConversionError


@dataclass(frozen=True)
class Rule:
    """What becomes of the source keys that match a pattern.

    Attributes:
        pattern: Regular expression of the whole key.
        target: Our key, with back references; or a function of the match that gives it.
        reason: Instead of ``target``: why the weight has no place in ours.
        same_as: Instead of ``target``: the source key that this one must equal, as an alias.
    """

    pattern: str
    target: str | Callable[[re.Match], str] | None = None
    reason: str | None = None
    same_as: str | None = None


@dataclass
class Conversion:
    """The converted weights, and what happened to every key on both sides.

    Attributes:
        weights: Our state dict, as far as the source fills it.
        used: Source key to our key.
        dropped: Source key to the reason why it is not used.
        unfilled: Our keys that the source does not fill, with what becomes of them.
    """

    weights: dict[str, Tensor] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    unfilled: dict[str, str] = field(default_factory=dict)

    def report(self) -> str:
        """Return the account in words, keys with one reason together."""
        lines = [
            f'{len(self.used)} weights converted, {len(self.dropped)} not used, '
            f'{len(self.unfilled)} of ours not in the source'
        ]
        for title, keys in (('not used', self.dropped), ('not in the source', self.unfilled)):
            by_reason: dict[str, list[str]] = {}
            for key, reason in keys.items():
                by_reason.setdefault(reason, []).append(key)
            for reason, names in by_reason.items():
                lines.append(f'{title}: {reason} ({len(names)})')
                lines += [f'    {name}' for name in names]
        return '\n'.join(lines)


def convert(
    source: dict[str, Tensor],
    target: dict[str, Tensor],
    rules: Sequence[Rule],
    *,
    layout: str,
    person_rows: dict[int, int],
    constants: Callable[[str], tuple[float, str] | None] = lambda key: None,
    may_differ: str = '(?!)',
) -> Conversion:
    """Convert a state dict by rules; the first rule that matches a key counts.

    Args:
        source: The published state dict.
        target: Ours, of a freshly built model: shapes and dtypes count.
        rules: What becomes of which source key.
        layout: What the source should be, for messages.
        person_rows: Number of rows of a class branch to the row of class person.
        constants: For one of our keys that the source does not have, the value and the reason
            why this value is exact; None where there is none.
        may_differ: Regular expression of our keys that keep their initialisation where the
            source has another shape.

    Returns:
        The weights and the account of all keys.

    Raises:
        ConversionError: A key no rule knows, a shape that does not fit, two sources for one
            weight, aliases that differ, or a layout of which nothing was recognised.
    """
    result = Conversion()
    unknown: list[str] = []
    filled_by: dict[str, str] = {}
    for key, value in source.items():
        outcome = _apply_rules(rules, key)
        if outcome is None:
            unknown.append(key)
        elif outcome.reason is not None:
            result.dropped[key] = outcome.reason
        elif outcome.same_as is not None:
            result.dropped[key] = _checked_alias(source, key, outcome.same_as)
        else:
            name = outcome.target
            if name not in target:
                result.dropped[key] = _missing_part(name, target, key, layout=layout)
                continue
            if name in filled_by:
                raise ConversionError(f'{key} and {filled_by[name]} both want to be {name}')
            fitted = _fit(value, target[name], person_rows if 'cls_branches' in name else {})
            if fitted is None and re.fullmatch(may_differ, name):
                result.dropped[key] = (
                    f'shape {tuple(value.shape)}, {name} is {tuple(target[name].shape)}'
                )
                continue
            if fitted is None:
                raise ConversionError(
                    f'{key} is {tuple(value.shape)}, {name} is {tuple(target[name].shape)}: the '
                    'config describes another model than the checkpoint; give the fitting --config'
                )
            result.weights[name], result.used[key], filled_by[name] = fitted, name, key
    if unknown or not result.used:
        examples = ', '.join((unknown or list(source))[:8])
        raise ConversionError(
            f'this is no {layout} checkpoint: {len(unknown)} of {len(source)} keys are unknown, as '
            f'{examples}. Converters are there for MOTRv2 and its kin (motrv2.py), VSE-MOT '
            "(vse_mot.py), mmdet's Deformable DETR (deformable_detr.py), HQTrack (hqtrack.py) and "
            'InternImage-T (intern_image.py)'
        )
    for name, value in target.items():
        if name in result.weights:
            continue
        constant = constants(name)
        if constant is None:
            result.unfilled[name] = 'stays as the model initialises it'
        else:
            result.weights[name] = torch.full_like(value, constant[0])
            result.unfilled[name] = constant[1]
    return result


@dataclass(frozen=True)
class _Outcome:
    """What a rule says of one source key: exactly one of the three.

    Attributes:
        target: Our key, '' where there is none.
        reason: Why the weight has no place in ours.
        same_as: The source key that it must equal.
    """

    target: str = ''
    reason: str | None = None
    same_as: str | None = None


def _apply_rules(rules: Sequence[Rule], key: str) -> _Outcome | None:
    """Apply the first rule that matches a key, None where there is none."""
    for rule in rules:
        match = re.fullmatch(rule.pattern, key)
        if match is None:
            continue
        if rule.reason is not None:
            return _Outcome(reason=rule.reason)
        if rule.same_as is not None:
            return _Outcome(same_as=match.expand(rule.same_as))
        if rule.target is None:
            raise ValueError(f'the rule for {rule.pattern} has no target, reason or same_as')
        return _Outcome(rule.target(match) if callable(rule.target) else match.expand(rule.target))
    return None


def _checked_alias(source: dict[str, Tensor], key: str, canonical: str) -> str:
    if canonical not in source or not torch.equal(source[key], source[canonical]):
        raise ConversionError(
            f'{key} should be the same weight as {canonical}, but differs from it or stands alone: '
            'this checkpoint was not made by the published code'
        )
    return 'the same weight under a second name, and equal to it'


def _missing_part(name: str, target: dict[str, Tensor], key: str, *, layout: str) -> str:
    """Why a known source key has no counterpart in this model."""
    part = name.split('.')[0]
    if not any(other.startswith(f'{part}.') for other in target):
        return f'the config has no {part}'
    layers = re.match(r'(.+\.(?:layers|cls_branches|reg_branches))\.\d+\.', name)
    if layers and any(other.startswith(f'{layers[1]}.') for other in target):
        return f'the config has fewer {layers[1]}'
    raise ConversionError(f'{key} of a {layout} checkpoint should be {name}, which ours has not')


def _fit(value: Tensor, target: Tensor, person_rows: dict[int, int]) -> Tensor | None:
    """Return the weight in our shape and dtype; of a many-class branch the row of class person."""
    if value.shape != target.shape:
        person = person_rows.get(len(value)) if value.dim() else None
        if person is None or value[person : person + 1].shape != target.shape:
            return None
        value = value[person : person + 1]
    # a copy: a slice would save the storage that it is cut from
    return value.detach().to(target.dtype, copy=True).contiguous()


def build_model(config: str | Path) -> torch.nn.Module:
    """Build the tracker of a config on the CPU, without reading any weights for it.

    Args:
        config: Config file with a ``model``.

    Returns:
        The model, as its constructor leaves it.
    """
    register_all_modules(init_default_scope=True)
    return MODELS.build(without_pretrained(load_config(config).model))


def save_checkpoint(conversion: Conversion, source: str | Path, target: str | Path) -> None:
    """Write the converted weights, with where they come from; a file appears whole or not.

    Args:
        conversion: Result of :func:`convert`.
        source: The published checkpoint; its SHA-256 is recorded.
        target: The file to write: ``.pth``, ``.pt`` or ``.safetensors``.

    Raises:
        CheckpointError: It has another ending.
    """
    source = Path(source)
    origin = ModelCard(source=source.name, source_sha256=file_sha256(source)).entries()
    meta = dict(origin, dropped=conversion.dropped, unfilled=conversion.unfilled, card=origin)
    write_weights(target, conversion.weights, meta)
