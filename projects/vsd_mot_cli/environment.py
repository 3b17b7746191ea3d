"""What is installed on this machine, in words."""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, version

DISTRIBUTION = 'vsd_mot'
PACKAGES = (
    DISTRIBUTION,
    'torch',
    'torchvision',
    'onedl-mmengine',
    'mmcv-lite',
    'mmcv',
    'mmcv_ext',
    'mmdet',
    'mmtrack',
    'numpy',
    'opencv-python-headless',
    'av',
    'trackeval',
)
_EXTRA = re.compile(r'^([\w.-]+)[^;]*;.*extra\s*==\s*["\']([\w-]+)["\']')


def describe_environment() -> str:
    """Describe Python, packages, extras and GPUs, a line each."""
    lines = [f'{"Python":24}{platform.python_version()} ({sys.executable})']
    lines.append(f'{"system":24}{platform.platform()}')
    lines += [f'{name:24}{installed(name) or "-"}' for name in PACKAGES]
    for extra, packages in sorted(extras().items()):
        missing = [name for name in packages if installed(name) is None]
        state = 'installed'
        if missing:
            state = f"lacks {', '.join(missing)}: pip install '{DISTRIBUTION}[{extra}]'"
        lines.append(f'{f"[{extra}]":24}{state}')
    return '\n'.join([*lines, *gpu_lines()])


def installed(name: str) -> str | None:
    """Return the version of a distribution, None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def extras() -> dict[str, list[str]]:
    """List the distributions of each extra, as the metadata of the installed package have them."""
    try:
        required = metadata(DISTRIBUTION).get_all('Requires-Dist') or []
    except PackageNotFoundError:
        return {}
    packages: dict[str, list[str]] = {}
    for line in required:
        match = _EXTRA.match(line)
        if match:
            packages.setdefault(match.group(2), []).append(match.group(1))
    return packages


def gpu_lines() -> Iterator[str]:
    """Say which GPUs torch sees."""
    if importlib.util.find_spec('torch') is None:
        yield f'{"GPU":24}PyTorch is not installed'
        return
    try:
        import torch
    except (ImportError, OSError) as error:
        yield f'{"GPU":24}PyTorch cannot be imported: {error}'
        return
    if not torch.cuda.is_available():
        yield f'{"GPU":24}none that torch sees'
    for index in range(torch.cuda.device_count()):
        yield f'{f"cuda:{index}":24}{torch.cuda.get_device_name(index)}'
