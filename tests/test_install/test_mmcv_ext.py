"""The operators that stand in for the compiled ones, against computations of another kind."""

import ast
import importlib.util
import shutil
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, PathFinder
from pathlib import Path
from types import ModuleType

import mmcv
import numpy as np
import pytest
import torch
from mmcv.ops import RoIAlign, RoIPool, nms, nms_match, roi_align, sigmoid_focal_loss, soft_nms
from mmcv.ops.multi_scale_deform_attn import MultiScaleDeformableAttnFunction
from torch import Tensor

SOURCE = Path(__file__).parents[2] / 'projects/mmcv_ext/mmcv/_ext.py'


@pytest.fixture(scope='module')
def ext() -> ModuleType:
    """The module as it lies in the repository, whatever `mmcv._ext` is here."""
    spec = importlib.util.spec_from_file_location('repository_ext', SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def through_mmcv(ext: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `mmcv.ops` call the module from the repository, even beside a compiled mmcv."""
    for name in ('nms', 'roi_align', 'roi_pool', 'focal_loss', 'multi_scale_deform_attn'):
        module = importlib.import_module(f'mmcv.ops.{name}')
        monkeypatch.setattr(module, 'ext_module', ext)


def random_boxes(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """(count, 4) boxes in (x1, y1, x2, y2) that overlap a lot, and (count,) distinct scores."""
    rng = torch.Generator().manual_seed(seed)
    corner = torch.rand(count, 2, generator=rng) * 30
    size = 5 + torch.rand(count, 2, generator=rng) * 20
    return torch.cat([corner, corner + size], 1), torch.rand(count, generator=rng)


def scalar_iou(a: list[float], b: list[float], offset: int = 0) -> float:
    """IoU of two boxes, one number at a time."""
    width = max(min(a[2], b[2]) - max(a[0], b[0]) + offset, 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]) + offset, 0)
    areas = [(c[2] - c[0] + offset) * (c[3] - c[1] + offset) for c in (a, b)]
    return width * height / (sum(areas) - width * height)


def bilinear(image: np.ndarray, y: float, x: float, outside: str) -> float:
    """Value of an (H, W) image between its pixels.

    Pixels outside are 0 (`outside='zero'`), or positions are moved to the border if they are less
    than a pixel away (`'roi'`, as RoIAlign has it).
    """
    height, width = image.shape
    if outside == 'roi':
        if not (-1 <= y <= height and -1 <= x <= width):
            return 0.0
        y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    total = 0.0
    for row in (int(np.floor(y)), int(np.floor(y)) + 1):
        for column in (int(np.floor(x)), int(np.floor(x)) + 1):
            if 0 <= row < height and 0 <= column < width:
                total += (1 - abs(y - row)) * (1 - abs(x - column)) * image[row, column]
    return total


def test_names_are_those_that_mmcv_asks_for(ext: ModuleType) -> None:
    asked = set()
    for path in (Path(mmcv.__file__).parent / 'ops').glob('*.py'):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, 'attr', '') == 'load_ext':
                asked |= {element.value for element in node.args[1].elts}
    assert len(asked) > 100
    supplied = {name for name in asked if name in vars(ext)}
    assert asked - supplied == ext.LACKING_OPS
    assert {'nms', 'softnms', 'roi_align_forward', 'ms_deform_attn_backward'} <= supplied
    with pytest.raises(AttributeError, match='no_such_op'):
        getattr(ext, 'no_such' + '_op')


@pytest.mark.parametrize('offset', [0, 1])
def test_nms(offset: int) -> None:
    boxes, scores = random_boxes(80)
    rows = boxes.tolist()
    expected: list[int] = []
    for index in scores.argsort(descending=True).tolist():
        if all(scalar_iou(rows[index], rows[kept], offset) <= 0.4 for kept in expected):
            expected.append(index)
    dets, kept = nms(boxes, scores, 0.4, offset=offset)
    assert 5 < len(kept) < 80
    assert kept.tolist() == expected
    torch.testing.assert_close(dets, torch.cat([boxes, scores[:, None]], 1)[kept])
    _, few = nms(boxes.numpy(), scores.numpy(), 0.4, offset, score_threshold=0.5, max_num=3)
    assert few.tolist() == [index for index in expected if scores[index] > 0.5][:3]


def test_nms_of_half_precision_and_of_nothing(ext: ModuleType) -> None:
    boxes, scores = random_boxes(30)
    expected = ext.nms(boxes.half().float(), scores.half().float(), 0.5, 0)
    assert ext.nms(boxes.half(), scores.half(), 0.5, 0).tolist() == expected.tolist()
    assert ext.nms(torch.zeros(0, 4), torch.zeros(0), 0.5, 0).shape == (0,)


@pytest.mark.parametrize('offset', [0, 1])
@pytest.mark.parametrize('method', ['naive', 'linear', 'gaussian'])
def test_soft_nms(method: str, offset: int) -> None:
    boxes, scores = random_boxes(40)
    left = dict(enumerate(scores.tolist()))
    rows = boxes.tolist()
    expected = []
    while left:
        best = max(left, key=left.get)
        expected.append((best, left.pop(best)))
        for index in list(left):
            iou = scalar_iou(rows[best], rows[index], offset)
            if method == 'gaussian':
                left[index] *= float(np.exp(-(iou**2) / 0.5))
            elif iou >= 0.3:
                left[index] *= 0 if method == 'naive' else 1 - iou
            if left[index] < 0.05:
                del left[index]
    dets, kept = soft_nms(boxes, scores, 0.3, 0.5, 0.05, method, offset)
    assert 3 < len(kept) < 40
    assert kept.tolist() == [index for index, _ in expected]
    torch.testing.assert_close(dets[:, 4], torch.tensor([score for _, score in expected]))
    torch.testing.assert_close(dets[:, :4], boxes[kept])


def test_nms_match() -> None:
    boxes, scores = random_boxes(40)
    rows = boxes.tolist()
    expected: list[list[int]] = []
    for index in scores.argsort(descending=True).tolist():
        for group in expected:
            if scalar_iou(rows[index], rows[group[0]]) >= 0.3:
                group.append(index)
                break
        else:
            expected.append([index])
    groups = nms_match(torch.cat([boxes, scores[:, None]], 1), 0.3)
    assert [group.tolist() for group in groups] == expected
    assert max(map(len, expected)) > 2


@pytest.mark.parametrize('sampling_ratio', [2, 0])
@pytest.mark.parametrize('aligned', [True, False])
def test_roi_align(aligned: bool, sampling_ratio: int) -> None:
    images = torch.randn(2, 1, 9, 12, generator=torch.Generator().manual_seed(0))
    rois = torch.tensor([[0, 2.3, 1.1, 15.2, 13.9], [1, 10.0, 4.0, 30.0, 19.0], [1, 3, 3, 3.2, 4]])
    expected = np.zeros((3, 1, 3, 2))
    shift = 0.5 if aligned else 0.0
    for k, (index, *box) in enumerate(rois.double().tolist()):
        x1, y1, x2, y2 = (0.5 * side - shift for side in box)
        width, height = x2 - x1, y2 - y1
        if not aligned:
            width, height = max(width, 1), max(height, 1)
        counts = [sampling_ratio or int(np.ceil(side)) for side in (height / 3, width / 2)]
        for i, j in np.ndindex(3, 2):
            ys = y1 + height / 3 * (i + (np.arange(counts[0]) + 0.5) / counts[0])
            xs = x1 + width / 2 * (j + (np.arange(counts[1]) + 0.5) / counts[1])
            image = images[int(index), 0].numpy()
            expected[k, 0, i, j] = np.mean([bilinear(image, y, x, 'roi') for y in ys for x in xs])
    pooled = roi_align(images, rois, (3, 2), 0.5, sampling_ratio, 'avg', aligned)
    torch.testing.assert_close(pooled, torch.tensor(expected).float(), rtol=1e-4, atol=1e-5)


def test_gradient_of_roi_align() -> None:
    images = torch.randn(2, 2, 6, 7, dtype=torch.float64, requires_grad=True)
    rois = torch.tensor([[0, 1.0, 0.5, 9.0, 8.0], [1, 3, 2, 11, 11]], dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda x: roi_align(x, rois, (2, 3), 0.5, 2, 'avg', True), images
    )


def test_roi_align_of_half_precision() -> None:
    images = torch.randn(1, 3, 8, 8).half()
    rois = torch.tensor([[0, 1.0, 1.0, 6.0, 6.0]]).half()
    pooled = roi_align(images, rois, 2)
    assert pooled.dtype == torch.float16
    torch.testing.assert_close(
        pooled.float(), roi_align(images.float(), rois.float(), 2), atol=2e-3, rtol=2e-3
    )


@pytest.mark.parametrize('weighted', [False, True])
def test_sigmoid_focal_loss(weighted: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    logits = (4 * torch.randn(20, 3, generator=generator, dtype=torch.float64)).requires_grad_()
    target = torch.randint(0, 3 if weighted else 4, (20,), generator=generator)
    weight = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64) if weighted else None

    # As Lin et al. write it, with p_t and alpha_t; its gradient by autograd.
    positive = torch.nn.functional.one_hot(target, 4)[:, :3].double()
    p = logits.sigmoid()
    p_t = p * positive + (1 - p) * (1 - positive)
    alpha_t = 0.25 * positive + 0.75 * (1 - positive)
    expected = -alpha_t * (1 - p_t) ** 2 * p_t.log()
    if weighted:
        expected = expected * weight[target][:, None]
    (expected_gradient,) = torch.autograd.grad(expected.sum() / 20, logits)

    loss = sigmoid_focal_loss(logits, target, 2.0, 0.25, weight, 'mean')
    (gradient,) = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(loss, expected.sum() / 20)
    torch.testing.assert_close(gradient, expected_gradient)
    assert sigmoid_focal_loss(logits, target, 2.0, 0.25, weight, 'none').shape == (20, 3)


def test_sigmoid_focal_loss_of_certain_logits() -> None:
    logits = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    target = torch.tensor([0, 0])
    loss = sigmoid_focal_loss(logits, target, 2.0, 0.25, None, 'none')
    torch.testing.assert_close(loss, torch.tensor([[0, 0], [50.0, 150.0]]))
    (gradient,) = torch.autograd.grad(loss.sum(), logits)
    torch.testing.assert_close(gradient, torch.tensor([[0, 0], [-0.25, 0.75]]))


def attention_inputs() -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Value, shapes, level starts, locations (some outside) and weights, in float64."""
    generator = torch.Generator().manual_seed(0)
    shapes = torch.tensor([[4, 5], [2, 3]])
    value = torch.randn(2, 26, 2, 3, generator=generator, dtype=torch.float64)
    locations = torch.rand(2, 3, 2, 2, 2, 2, generator=generator, dtype=torch.float64) * 1.3 - 0.15
    weights = torch.rand(2, 3, 2, 2, 2, generator=generator, dtype=torch.float64)
    return value, shapes, torch.tensor([0, 20]), locations, weights


def test_deformable_attention() -> None:
    value, shapes, starts, locations, weights = attention_inputs()
    expected = np.zeros((2, 3, 2, 3))
    for b, q, head, level, point in np.ndindex(2, 3, 2, 2, 2):
        h, w = shapes[level].tolist()
        x, y = locations[b, q, head, level, point].tolist()
        maps = value[b, starts[level] : starts[level] + h * w, head].reshape(h, w, 3).numpy()
        for channel in range(3):
            sample = bilinear(maps[..., channel], y * h - 0.5, x * w - 0.5, 'zero')
            expected[b, q, head, channel] += weights[b, q, head, level, point].item() * sample
    arguments = (value, shapes, starts, locations, weights)
    output = MultiScaleDeformableAttnFunction.apply(*arguments, 64)
    torch.testing.assert_close(output, torch.tensor(expected).reshape(2, 3, 6))

    half = MultiScaleDeformableAttnFunction.apply(
        value.half(), shapes, starts, locations.half(), weights.half(), 64
    )
    assert half.dtype == torch.float16
    torch.testing.assert_close(half.double(), output, atol=0.05, rtol=0.05)


def test_gradient_of_deformable_attention() -> None:
    value, shapes, starts, locations, weights = attention_inputs()
    leaves = [tensor.requires_grad_() for tensor in (value, locations, weights)]
    assert torch.autograd.gradcheck(
        lambda v, x, w: MultiScaleDeformableAttnFunction.apply(v, shapes, starts, x, w, 64), leaves
    )


def test_lacking_operator_tells_its_name_and_the_remedy() -> None:
    image, rois = torch.zeros(1, 1, 4, 4), torch.zeros(1, 5)
    with pytest.raises(NotImplementedError, match=r'(?s)`roi_pool_forward`.*pip install.*mmcv==2'):
        RoIPool(2)(image, rois)
    with pytest.raises(NotImplementedError, match=r"(?s)`roi_align_forward` with pool_mode='max'"):
        RoIAlign(2, pool_mode='max')(image, rois)


def test_compiled_module_beside_it_wins(tmp_path: Path) -> None:
    shutil.copy(SOURCE, tmp_path / '_ext.py')
    assert PathFinder.find_spec('_ext', [str(tmp_path)]).origin == str(tmp_path / '_ext.py')
    compiled = tmp_path / f'_ext{EXTENSION_SUFFIXES[0]}'
    compiled.touch()
    PathFinder.invalidate_caches()
    spec = PathFinder.find_spec('_ext', [str(tmp_path)])
    assert spec.origin == str(compiled)
    assert isinstance(spec.loader, ExtensionFileLoader)
