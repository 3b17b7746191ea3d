"""Small hierarchies for tests."""

from itertools import pairwise

from mmtrack.registry import MODELS
from mmtrack.utils import register_all_modules

WINDOWS = (5, 25, 75, 150)


def hierarchy_config(width=32, weight=1.0, instance=True, scene=True, **changes):
    """The published hierarchy, for appearance vectors of a width."""
    levels = [dict(type='GraphConstruction', window=5, pruning=dict(type='GeometryPruning'))] + [
        dict(
            type='GraphConstruction',
            window=window,
            pruning=dict(type='MotionAppearancePruning', motion_weight=0.05),
            motion=dict(type='ConstantVelocity', length=span, horizon=span),
        )
        for span, window in pairwise(WINDOWS)
    ]

    def align(levels):
        return dict(type='TextAlignment', levels=levels, loss_weight=weight)

    return (
        dict(
            type='GraphHierarchy',
            levels=levels,
            networks=[dict(type='EdgeMessagePassing', node_features=width)] * 2,
            network_of_level=(0, 1, 1, 1),
            rounding=dict(type='ExactRounding'),
            edge_loss=dict(type='FocalEdgeLoss'),
            instance_alignment=align((0,)) if instance else None,
            scene_alignment=align((0, 1, 2, 3)) if scene else None,
        )
        | changes
    )


def build_hierarchy(**changes):
    register_all_modules(init_default_scope=True)
    return MODELS.build(hierarchy_config(**changes))
