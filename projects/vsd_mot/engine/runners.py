"""Runners as the commands and the robustness benchmark start them."""

from __future__ import annotations

from collections.abc import Callable

from mmengine.config import Config
from mmengine.model import is_model_wrapper
from mmengine.registry import RUNNERS
from mmengine.runner import Runner
from torch import nn

from .configs import unformatted


def build_runner(config: Config) -> Runner:
    """Build the runner of a config: MMEngine's, or the one that `runner_type` names."""
    config = unformatted(config)
    return RUNNERS.build(config) if 'runner_type' in config else Runner.from_cfg(config)


def run_test(
    config: Config, *, change_model: Callable[[nn.Module], None] | None = None
) -> dict[str, float]:
    """Test the model of a config.

    Args:
        config: The config; its `load_from` are the weights.
        change_model: Called with the model once it has its weights.

    Returns:
        What the evaluators report: name to value.
    """
    runner = build_runner(config)
    # Parts that come with weights of their own, such as a detector, load them here.
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    model.init_weights()
    if change_model is not None:
        runner.load_or_resume()
        change_model(model)
    return runner.test()
