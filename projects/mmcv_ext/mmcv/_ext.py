"""`mmcv._ext` without a compiler: the operators of mmcv 2.0.0rc4 from torch and torchvision.

`mmcv.ops` imports a compiled module of this name and fails without it. This file takes its
place: the operators that MMDetection and MMTracking call when they detect and track are
implemented, on the CPU and on GPUs, with the compiled module's own signatures; each of the
others raises `NotImplementedError`, naming itself and the remedy, when it is called.

A compiled `_ext*.so` in the same folder is imported instead of this file, since Python's path
finder tries extension modules before source files.

The signatures are those of `mmcv/ops/csrc/pytorch/pybind.cpp`: results are written into tensors
that the caller allocates (`output`, `grad_input`, ...), unless the docstring says otherwise.
Half-precision inputs are computed in float32.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import Tensor

REMEDY = (
    'Install the compiled mmcv in place of mmcv-lite to get it: `pip uninstall mmcv-lite`, then '
    '`MMCV_WITH_OPS=1 pip install --no-build-isolation --no-deps mmcv==2.0.0rc4` (needs a C++ '
    'compiler, and the CUDA toolkit for GPUs; builds for half an hour; torch >= 2.1 asks for '
    "'-std=c++17' in place of '-std=c++14' in its setup.py). Its compiled `_ext` is used by itself "
    'from then on.'
)

# What `mmcv/ops/*.py` asks this module for at import, beyond what is implemented below.
LACKING_OPS = frozenset(
    [
        'active_rotated_filter_backward',
        'active_rotated_filter_forward',
        'assign_score_withk_backward',
        'assign_score_withk_forward',
        'ball_query_forward',
        'bbox_overlaps',
        'bezier_align_backward',
        'bezier_align_forward',
        'border_align_backward',
        'border_align_forward',
        'box_iou_quadri',
        'box_iou_rotated',
        'carafe_backward',
        'carafe_forward',
        'carafe_naive_backward',
        'carafe_naive_forward',
        'chamfer_distance_backward',
        'chamfer_distance_forward',
        'contour_expand',
        'convex_giou',
        'convex_iou',
        'correlation_backward',
        'correlation_forward',
        'deform_conv_backward_input',
        'deform_conv_backward_parameters',
        'deform_conv_forward',
        'deform_roi_pool_backward',
        'deform_roi_pool_forward',
        'diff_iou_rotated_sort_vertices_forward',
        'dynamic_point_to_voxel_backward',
        'dynamic_point_to_voxel_forward',
        'dynamic_voxelize_forward',
        'furthest_point_sampling_forward',
        'furthest_point_sampling_with_dist_forward',
        'fused_bias_leakyrelu',
        'fused_indice_conv_forward',
        'gather_points_backward',
        'gather_points_forward',
        'get_indice_pairs_2d_backward',
        'get_indice_pairs_2d_forward',
        'get_indice_pairs_3d_backward',
        'get_indice_pairs_3d_forward',
        'get_indice_pairs_4d_forward',
        'group_points_backward',
        'group_points_forward',
        'hard_voxelize_forward',
        'indice_conv_backward',
        'indice_conv_forward',
        'indice_maxpool_backward',
        'indice_maxpool_forward',
        'iou3d_boxes_overlap_bev_forward',
        'iou3d_nms3d_forward',
        'iou3d_nms3d_normal_forward',
        'knn_forward',
        'masked_col2im_forward',
        'masked_im2col_forward',
        'min_area_polygons',
        'modulated_deform_conv_backward',
        'modulated_deform_conv_forward',
        'nms_quadri',
        'nms_rotated',
        'pixel_group',
        'points_in_boxes_all_forward',
        'points_in_boxes_cpu_forward',
        'points_in_boxes_part_forward',
        'points_in_polygons_forward',
        'prroi_pool_backward',
        'prroi_pool_coor_backward',
        'prroi_pool_forward',
        'psamask_backward',
        'psamask_forward',
        'riroi_align_rotated_backward',
        'riroi_align_rotated_forward',
        'roi_align_rotated_backward',
        'roi_align_rotated_forward',
        'roi_pool_backward',
        'roi_pool_forward',
        'roiaware_pool3d_backward',
        'roiaware_pool3d_forward',
        'roipoint_pool3d_forward',
        'rotated_feature_align_backward',
        'rotated_feature_align_forward',
        'softmax_focal_loss_backward',
        'softmax_focal_loss_forward',
        'stack_ball_query_forward',
        'stack_group_points_backward',
        'stack_group_points_forward',
        'sync_bn_backward_data',
        'sync_bn_backward_param',
        'sync_bn_forward_mean',
        'sync_bn_forward_output',
        'sync_bn_forward_var',
        'three_interpolate_backward',
        'three_interpolate_forward',
        'three_nn_forward',
        'tin_shift_backward',
        'tin_shift_forward',
        'upfirdn2d',
    ]
)


def _lacking(name: str) -> Callable:
    """Make the stand-in of an operator that is not implemented."""

    def op(*args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            f'mmcv operator `{name}` is not among those that mmcv_ext supplies. {REMEDY}'
        )

    op.__name__ = name
    return op


def __getattr__(name: str) -> Callable:
    if name in LACKING_OPS:
        return _lacking(name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')


def get_compiler_version() -> str:
    """Tells `mmcv.ops.get_compiler_version` that nothing was compiled."""
    return 'n/a (mmcv_ext: operators from torch and torchvision)'


def get_compiling_cuda_version() -> str:
    """Tells `mmcv.ops.get_compiling_cuda_version` that nothing was compiled."""
    return 'n/a (mmcv_ext: operators from torch and torchvision)'


def _at_least_float32(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float, offset: int) -> Tensor:
    """Non-maximum suppression.

    Args:
        boxes: (N, 4) in (x1, y1, x2, y2).
        scores: (N,).
        iou_threshold: Boxes whose IoU with a better box exceeds it go.
        offset: 0, or 1 for boxes whose width is x2 - x1 + 1.

    Returns:
        Tensor[int64] of the kept boxes' indices, best score first.
    """
    boxes = _at_least_float32(boxes)
    if offset:
        boxes = boxes + boxes.new_tensor([0, 0, offset, offset])
    return torchvision.ops.nms(boxes, scores.to(boxes.dtype), iou_threshold)


def _iou_with_rest(box: np.ndarray, rest: np.ndarray, offset: int) -> np.ndarray:
    """IoU of one (4,) box with (N, 4) boxes, all (x1, y1, x2, y2)."""
    size = np.maximum(
        np.minimum(box[2:], rest[:, 2:]) - np.maximum(box[:2], rest[:, :2]) + offset, 0
    )
    intersection = size.prod(1)
    area = (box[2:] - box[:2] + offset).prod()
    areas = (rest[:, 2:] - rest[:, :2] + offset).prod(1)
    union = area + areas - intersection
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)


def softnms(
    boxes: Tensor,
    scores: Tensor,
    dets: Tensor,
    iou_threshold: float,
    sigma: float,
    min_score: float,
    method: int,
    offset: int,
) -> Tensor:
    """Soft non-maximum suppression: overlap with a better box lowers a score.

    Args:
        boxes: (N, 4) in (x1, y1, x2, y2), on the CPU.
        scores: (N,).
        dets: (N, 5), receives box and lowered score of the K kept boxes in its first K rows.
        iou_threshold: Where methods 0 and 1 begin to act.
        sigma: Width of method 2.
        min_score: A box whose lowered score falls below it goes.
        method: 0 sets the score to 0, 1 multiplies it with 1 - IoU, 2 with exp(-IoU^2 / sigma).
        offset: 0, or 1 for boxes whose width is x2 - x1 + 1.

    Returns:
        Tensor[int64] of length K: indices of the kept boxes, in the order in which they were
        picked.
    """
    xyxy = boxes.detach().double().numpy()
    left = np.arange(len(xyxy))
    left_scores = scores.detach().double().numpy().copy()
    kept = []
    while len(left):
        best = int(left_scores.argmax())
        index, score = left[best], left_scores[best]
        dets[len(kept), :4] = boxes[index]
        dets[len(kept), 4] = score
        kept.append(index)

        left, left_scores = np.delete(left, best), np.delete(left_scores, best)
        iou = _iou_with_rest(xyxy[index], xyxy[left], offset)
        if method == 0:
            left_scores = np.where(iou >= iou_threshold, 0, left_scores)
        elif method == 1:
            left_scores = np.where(iou >= iou_threshold, left_scores * (1 - iou), left_scores)
        elif method == 2:
            left_scores = left_scores * np.exp(-(iou**2) / sigma)
        else:
            raise ValueError(f'softnms: method is {method}, must be 0, 1 or 2')
        alive = left_scores >= min_score
        left, left_scores = left[alive], left_scores[alive]
    return torch.as_tensor(kept, dtype=torch.long)


def nms_match(dets: Tensor, iou_threshold: float) -> list[list[int]]:
    """Group boxes by the box that suppresses them.

    Args:
        dets: (N, 5) in (x1, y1, x2, y2, score), on the CPU.
        iou_threshold: A box with at least this IoU with a better one joins its group.

    Returns:
        Groups of indices, each and all of them best score first.
    """
    xyxy = dets[:, :4].double().numpy()
    left = dets[:, 4].argsort(descending=True, stable=True).numpy()
    groups = []
    while len(left):
        index, left = left[0], left[1:]
        joins = _iou_with_rest(xyxy[index], xyxy[left], 0) >= iou_threshold
        groups.append([int(index), *left[joins].tolist()])
        left = left[~joins]
    return groups


def _require_average(op: str, pool_mode: int) -> None:
    if pool_mode != 1:
        raise NotImplementedError(
            f"mmcv operator `{op}` with pool_mode='max' is not among those that mmcv_ext "
            f"supplies, pool_mode='avg' is. {REMEDY}"
        )


def roi_align_forward(
    input: Tensor,
    rois: Tensor,
    output: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """RoIAlign by averaging.

    Args:
        input: (N, C, H, W).
        rois: (K, 5) in (index of the image, x1, y1, x2, y2).
        output: (K, C, aligned_height, aligned_width), receives the result.
        argmax_y: Used by max pooling alone.
        argmax_x: Used by max pooling alone.
        aligned_height: Rows of the output.
        aligned_width: Columns of the output.
        spatial_scale: Size of `input` relative to the image that `rois` are given in.
        sampling_ratio: Samples along each axis of a bin, 0 for as many as the bin has pixels.
        pool_mode: 1 (average).
        aligned: Whether pixel centres lie at half-integers.

    Raises:
        NotImplementedError: If `pool_mode` is 0 (maximum).
    """
    _require_average('roi_align_forward', pool_mode)
    features = _at_least_float32(input)
    output.copy_(
        torchvision.ops.roi_align(
            features,
            rois.to(features.dtype),
            (aligned_height, aligned_width),
            spatial_scale,
            sampling_ratio,
            aligned,
        )
    )


def roi_align_backward(
    grad_output: Tensor,
    rois: Tensor,
    argmax_y: Tensor,
    argmax_x: Tensor,
    grad_input: Tensor,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Gradient of `roi_align_forward`, added to `grad_input` (N, C, H, W).

    Raises:
        NotImplementedError: If `pool_mode` is 0 (maximum).
    """
    _require_average('roi_align_backward', pool_mode)
    grad = _at_least_float32(grad_output)
    # RoIAlign is linear in its input, so its gradient is the same wherever it is taken.
    with torch.enable_grad():
        features = grad.new_zeros(grad_input.shape, requires_grad=True)
        pooled = torchvision.ops.roi_align(
            features,
            rois.to(grad.dtype),
            (aligned_height, aligned_width),
            spatial_scale,
            sampling_ratio,
            aligned,
        )
    (gradient,) = torch.autograd.grad(pooled, features, grad)
    grad_input.add_(gradient)


def _focal_terms(logits: Tensor, target: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Which (N, C) elements are positive, and the (N, 1) weight of each row.

    The row of a class outside of 0..C-1, background, has no positive element.
    """
    classes = torch.arange(logits.size(1), device=target.device)
    positive = target[:, None] == classes
    row_weight = weight[target][:, None] if weight.numel() else logits.new_ones(1)
    return positive, row_weight


def sigmoid_focal_loss_forward(
    input: Tensor, target: Tensor, weight: Tensor, output: Tensor, gamma: float, alpha: float
) -> None:
    """Focal loss of sigmoid classifiers, per element.

    Args:
        input: (N, C) logits.
        target: Tensor[int64] of length N: the class of each row, C for background.
        weight: (C,) weights of the classes, or empty.
        output: (N, C), receives the loss.
        gamma: Focusing exponent.
        alpha: Weight of the positive class; 1 - alpha is that of the negative.
    """
    logits = _at_least_float32(input)
    positive, row_weight = _focal_terms(logits, target, weight)
    p = logits.sigmoid()
    loss = torch.where(
        positive,
        -alpha * (1 - p) ** gamma * F.logsigmoid(logits),
        -(1 - alpha) * p**gamma * F.logsigmoid(-logits),
    )
    output.copy_(loss * row_weight)


def sigmoid_focal_loss_backward(
    input: Tensor, target: Tensor, weight: Tensor, grad_input: Tensor, gamma: float, alpha: float
) -> None:
    """Return derivative of each element of the focal loss by its logit, written to `grad_input`.

    The arguments are those of `sigmoid_focal_loss_forward`; `grad_input` is (N, C).
    """
    logits = _at_least_float32(input)
    positive, row_weight = _focal_terms(logits, target, weight)
    p = logits.sigmoid()
    gradient = torch.where(
        positive,
        -alpha * (1 - p) ** gamma * (1 - p - gamma * p * F.logsigmoid(logits)),
        (1 - alpha) * p**gamma * (p - gamma * (1 - p) * F.logsigmoid(-logits)),
    )
    grad_input.copy_(gradient * row_weight)


def _deformable_attention(
    value: Tensor, spatial_shapes: Tensor, locations: Tensor, weights: Tensor
) -> Tensor:
    """Multi-scale deformable attention, level by level; see `ms_deform_attn_forward`."""
    batch, _, heads, channels = value.shape
    queries, points = locations.shape[1], locations.shape[4]
    shapes = [(int(h), int(w)) for h, w in spatial_shapes.tolist()]
    # (B, S, heads, d) -> (B * heads, d, S)
    value = value.permute(0, 2, 3, 1).reshape(batch * heads, channels, -1)
    # (B, Q, heads, levels, points, ...) -> (B * heads, Q, levels, points, ...)
    grid = (2 * locations - 1).transpose(1, 2).flatten(0, 1)
    weights = weights.transpose(1, 2).reshape(batch * heads, 1, queries, len(shapes), points)

    output = value.new_zeros(batch * heads, channels, queries)
    maps = value.split([h * w for h, w in shapes], dim=2)
    for level, ((h, w), level_map) in enumerate(zip(shapes, maps)):
        sampled = F.grid_sample(
            level_map.reshape(batch * heads, channels, h, w),
            grid[:, :, level],
            mode='bilinear',
            padding_mode='zeros',
            align_corners=False,
        )
        output = output + (sampled * weights[..., level, :]).sum(-1)
    # (B * heads, d, Q) -> (B, Q, heads * d)
    return output.view(batch, heads * channels, queries).transpose(1, 2).contiguous()


def ms_deform_attn_forward(
    value: Tensor,
    spatial_shapes: Tensor,
    level_start_index: Tensor,
    sampling_loc: Tensor,
    attn_weight: Tensor,
    im2col_step: int,
) -> Tensor:
    """Multi-scale deformable attention.

    Args:
        value: (B, S, heads, d), the levels one after the other along S.
        spatial_shapes: Tensor[int64] (levels, 2) in (h, w).
        level_start_index: Tensor[int64] of length levels; follows from `spatial_shapes`.
        sampling_loc: (B, Q, heads, levels, points, 2) in (x, y), [0, 1] within each level.
        attn_weight: (B, Q, heads, levels, points).
        im2col_step: Batch splitting of the compiled kernel; has no effect on the result.

    Returns:
        (B, Q, heads * d).
    """
    output = _deformable_attention(
        _at_least_float32(value),
        spatial_shapes,
        _at_least_float32(sampling_loc),
        _at_least_float32(attn_weight),
    )
    return output.to(value.dtype)


def ms_deform_attn_backward(
    value: Tensor,
    spatial_shapes: Tensor,
    level_start_index: Tensor,
    sampling_loc: Tensor,
    attn_weight: Tensor,
    grad_output: Tensor,
    grad_value: Tensor,
    grad_sampling_loc: Tensor,
    grad_attn_weight: Tensor,
    im2col_step: int,
) -> None:
    """Gradients of `ms_deform_attn_forward`, written to the three `grad_*` tensors.

    They have the shapes of `value`, `sampling_loc` and `attn_weight`; `grad_output` is
    (B, Q, heads * d).
    """
    with torch.enable_grad():
        leaves = [
            _at_least_float32(t).detach().requires_grad_()
            for t in (value, sampling_loc, attn_weight)
        ]
        output = _deformable_attention(leaves[0], spatial_shapes, leaves[1], leaves[2])
    gradients = torch.autograd.grad(output, leaves, grad_output.to(output.dtype))
    for target, gradient in zip((grad_value, grad_sampling_loc, grad_attn_weight), gradients):
        target.copy_(gradient)
