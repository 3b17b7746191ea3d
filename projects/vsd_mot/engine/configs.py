"""Find a config by path or by the name of a shipped one, and take what tracking needs from it."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mmengine import registry as host_registries
from mmengine.config import Config, ConfigDict
from mmengine.registry import Registry
from mmtrack.utils import register_all_modules

from ..data_files import SETTINGS_SUFFIXES, read_settings
from ..errors import ConfigError, TrackingError

# A checkout has configs/ beside projects/; an installed package has it under vsd_mot/.mim/.
_PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED_ROOTS = (_PACKAGE.parents[1], _PACKAGE / '.mim')
CONFIG_ROOTS = tuple(root / 'configs' for root in SHIPPED_ROOTS)

# Encoders that read weights when they are built, and the argument that names them.
_ENCODER_WEIGHTS = dict(CLIPEncoder='pretrained', ReIDResNetIBN='checkpoint')


def find_shipped_file(name: str) -> Path:
    """Find a file that comes with the package, such as the weights of ``demo/``.

    Args:
        name: Its path below the root of a checkout.

    Returns:
        Its absolute path, in a checkout or in the installed package.

    Raises:
        ConfigError: It did not come with this installation.
    """
    for root in SHIPPED_ROOTS:
        if (root / name).is_file():
            return root / name
    raise ConfigError(f'{name} did not come with this installation of vsd_mot ({_PACKAGE})')


def find_config_file(name: str) -> Path:
    """Find a file below ``configs/``, of a checkout or of the installed package.

    Args:
        name: Such as ``_base_/models/motrv2_r50.py``.

    Returns:
        Its absolute path.

    Raises:
        ConfigError: There is none of that name.
    """
    for root in CONFIG_ROOTS:
        if (root / name).is_file():
            return root / name
    raise ConfigError(f'there is no shipped config {name}')


def shipped_configs() -> dict[str, Path]:
    """List the configs that come with the package, by their path below `configs/` without `.py`."""
    for root in CONFIG_ROOTS:
        if root.is_dir():
            files = sorted(root.rglob('*.py'))
            names = {file.relative_to(root).with_suffix('').as_posix(): file for file in files}
            return {name: file for name, file in names.items() if not name.startswith('_base_/')}
    return {}


def find_config(name: str | Path) -> Path:
    """Find a config.

    Args:
        name: A path, or the name of a shipped config, with or without its folder and `.py`.

    Raises:
        ConfigError: There is none of that name, or more than one.
    """
    path = Path(name)
    if path.is_file():
        return path
    shipped = shipped_configs()
    wanted = path.as_posix().removesuffix('.py').removeprefix('configs/')
    matches = [key for key in shipped if key == wanted or key.endswith(f'/{wanted}')]
    if len(matches) == 1:
        return shipped[matches[0]]
    if matches:
        raise ConfigError(f'{name} is the name of several configs: {", ".join(matches)}')
    stems = {key.rsplit('/', 1)[-1]: key for key in shipped}
    similar = difflib.get_close_matches(wanted.rsplit('/', 1)[-1], stems, n=3, cutoff=0.4)
    hint = f'; similar: {", ".join(stems[stem] for stem in similar)}' if similar else ''
    raise ConfigError(f'there is no config {name}, neither a file nor a shipped one{hint}')


def _load_file(path: Path) -> Config:
    """Load any config or settings file: the only place in this package that does.

    Args:
        path: A `.py` file, which is run: take it only from those whose programs you would run. Or
            `.json`, `.yaml` or `.yml`, of which nothing is run: every `type` in it must be the
            name of a registered class.

    Raises:
        ConfigError: It cannot be read, ends the program, or is data that wants to run something.
    """
    if path.suffix.lower() in SETTINGS_SUFFIXES:
        try:
            content = read_settings(path)
            _refuse_programs(content)
            return Config(content, filename=str(path))
        except (TrackingError, KeyError, ValueError) as error:
            raise ConfigError(f'{path} is not a valid config: {error}') from error
    try:
        return Config.fromfile(path)
    except SystemExit as error:
        raise ConfigError(f'{path} ends the program (sys.exit) where it should be read') from error
    except Exception as error:
        raise ConfigError(f'{path} is not a valid config: {error}') from error


def _refuse_programs(content: dict) -> None:
    for key in ('_base_', 'custom_imports'):
        if key in content:
            raise ValueError(f'{key} needs a config in Python; one in JSON or YAML stands alone')
    wanted = set(map(str, _types(content)))
    known = _registered_names() if wanted else set()
    for name in sorted(wanted):
        if name not in known:
            # MMEngine would import and call whatever Python object has that name.
            raise ValueError(f'there is no registered class {name!r} to be a `type`')


def _types(content: Any) -> Iterator[Any]:
    if isinstance(content, dict):
        if 'type' in content:
            yield content['type']
        for value in content.values():
            yield from _types(value)
    elif isinstance(content, list):
        for value in content:
            yield from _types(value)


def _registered_names() -> set[str]:
    """Names of all registered classes, with and without the scope they are registered in."""
    register_all_modules(init_default_scope=False)
    names: set[str] = set()
    waiting = [value for value in vars(host_registries).values() if isinstance(value, Registry)]
    while waiting:
        registry = waiting.pop()
        registry.import_from_location()
        names.update(registry.module_dict)
        names.update(f'{registry.scope}.{name}' for name in registry.module_dict)
        waiting += registry.children.values()
    return names


def load_config(config: str | Path | Config, cfg_options: dict | None = None) -> Config:
    """Read a config or a part of one, such as those below `configs/_base_`.

    Args:
        config: A path, the name of a shipped config, or a loaded config (it is not changed).
        cfg_options: Settings to override, keys with dots: `{'model.tracker.init_track_thr': .6}`.

    Raises:
        ConfigError: The config cannot be found or parsed, or the options do not fit it.
    """
    if isinstance(config, Config):
        config = copy.deepcopy(config)
    else:
        config = _load_file(find_config(config))
    if cfg_options:
        try:
            config.merge_from_dict(cfg_options)
        except (KeyError, TypeError, AssertionError) as error:
            raise ConfigError(f'the options {cfg_options} do not fit: {error}') from error
    return config


def read_config(config: str | Path | Config, cfg_options: dict | None = None) -> Config:
    """Read the config of a whole model.

    Args:
        config: As of :func:`load_config`.
        cfg_options: As of :func:`load_config`.

    Raises:
        ConfigError: The config cannot be found or parsed, or has no model.
    """
    config = load_config(config, cfg_options)
    if 'model' not in config:
        raise ConfigError('the config has no `model`; a config of a whole model is needed')
    return config


def unformatted(config: Config) -> Config:
    """Return a config whose text is that of any other, but for line breaks and spaces.

    MMEngine formats the text each time that it is wanted, for the log, the work folder, every
    checkpoint: that of a whole model takes ten seconds each time. Its `Config.fromfile` has an
    argument against it, and does not look at it.

    Args:
        config: The config; it is not changed.
    """
    return Config(
        config.to_dict(),
        cfg_text=config.text,
        filename=config.filename,
        env_variables=config.env_variables,
        format_python_code=False,
    )


def without_pretrained(config: ConfigDict) -> ConfigDict:
    """Leave the encoders of a model at their random start: no download, no file.

    Args:
        config: Of a model; it is changed. Its teachers stay as they are: they refuse random
            weights, and are built only when something trains.

    Returns:
        The same config.
    """
    for key, value in config.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ConfigDict) and key != 'teacher':
                without_pretrained(part)
    if config.get('type') in _ENCODER_WEIGHTS:
        config[_ENCODER_WEIGHTS[config.type]] = None
    return config


def proposal_detector(config: str | Path | Config, checkpoint: str | Path | None) -> dict:
    """Return the part that makes proposals in the loop, from the config of a detector.

    Args:
        config: Config of an MMDetection detector, such as those in `configs/detector`.
        checkpoint: Its weights.

    Returns:
        Config of a `ProposalDetector` that resizes frames as the detector's test pipeline does.
    """
    config = read_config(config)
    scales = [step['scale'] for step in frame_pipeline(config) if _name(step) == 'Resize']
    return dict(
        type='ProposalDetector',
        detector=config.model,
        checkpoint=None if checkpoint is None else str(checkpoint),
        input_scale=scales[0] if scales else None,
    )


def frame_pipeline(config: Config) -> list[dict]:
    """Return the test pipeline of a config without the steps that load from files.

    Raises:
        ConfigError: The config has no test pipeline.
    """
    dataset = config.get('test_dataloader', {}).get('dataset', {})
    while 'pipeline' not in dataset and 'dataset' in dataset:
        dataset = dataset['dataset']  # a wrapper
    if 'pipeline' not in dataset and dataset.get('datasets'):
        dataset = dataset['datasets'][0]  # a concatenation
    if 'pipeline' not in dataset:
        raise ConfigError(
            'the config has no test_dataloader.dataset.pipeline, which says how a frame is '
            'prepared for the model'
        )
    # A frame comes from memory and has no annotations; its proposals come with it.
    return [step for step in dataset['pipeline'] if not _name(step).startswith('Load')]


def _name(step: dict) -> str:
    """Name of a step of a pipeline, without its scope."""
    kind = step['type']
    return (kind if isinstance(kind, str) else kind.__name__).rsplit('.', 1)[-1]


def class_names(config: Config, checkpoint_meta: dict) -> tuple[str, ...]:
    """Read the names of the classes: the checkpoint's, else the config's, else `pedestrian`."""
    dataset = config.get('test_dataloader', {}).get('dataset', {})
    stored = stored_class_names(checkpoint_meta)
    return stored or _names_in(dataset.get('metainfo')) or ('pedestrian',)


def stored_class_names(checkpoint_meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the names of the classes from the `meta` of a checkpoint; none where it has none."""
    return _names_in(checkpoint_meta.get('dataset_meta')) or _names_in(checkpoint_meta)


def _names_in(meta: object) -> tuple[str, ...]:
    if not isinstance(meta, Mapping):
        return ()
    names = meta.get('CLASSES') or meta.get('classes') or ()
    return (names,) if isinstance(names, str) else tuple(names)
