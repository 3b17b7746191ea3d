"""The Triton kernels: in Triton's interpreter, compiled for a GPU that is not here, on one."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

from sampling_samples import output_and_grads, sampling_inputs
from vsd_mot.models.query_tracking.transformer import deformable_attention
from vsd_mot.models.query_tracking.transformer.deformable_attention import (
    naive_deformable_sampling,
    sampling_form,
    triton_sampling,
)

triton = pytest.importorskip('triton', reason='triton is not installed (torch for CUDA brings it)')

SHAPES = [(6, 9), (2, 3)]
FILE = Path(deformable_attention.__file__).with_name('triton_sampling.py')
on_a_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason='there is no CUDA device')


def loaded(name: str):
    """The module, loaded by itself: whether kernels are interpreted is settled as it is loaded."""
    spec = importlib.util.spec_from_file_location(name, FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('TRITON_INTERPRET', '1')
    return loaded('interpreted_sampling').triton_deformable_sampling


@pytest.mark.parametrize('sizes', [dict(), dict(heads=1, depth=16), dict(heads=2, depth=1)])
def test_interpreted_kernels_equal_the_naive_form(interpreted, sizes: dict) -> None:
    settings = dict(queries=5, heads=2, depth=5, shapes=SHAPES, dtype=torch.float64)
    inputs = sampling_inputs(**{**settings, **sizes})
    value = inputs[0]
    grad = torch.randn(2, 5, value.shape[2] * value.shape[3], dtype=torch.float64)
    wanted = output_and_grads(naive_deformable_sampling, *inputs, grad, SHAPES)
    computed = output_and_grads(interpreted, *inputs, grad, SHAPES)
    for one, other in zip(computed, wanted):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-10)


def test_locations_that_are_no_numbers_and_no_queries(interpreted) -> None:
    inputs = sampling_inputs(batch=1, queries=2, shapes=SHAPES)
    value, locations, weights = inputs
    locations[0, 0] = float('nan')
    locations[0, 1] = 1e30
    output, *grads = output_and_grads(interpreted, *inputs, torch.ones(1, 2, 15), SHAPES)
    assert not output.any()
    assert not grads[0].any()
    none = interpreted(value, SHAPES, locations=locations[:, :0], weights=weights[:, :0])
    assert none.shape == (1, 0, 15)


@pytest.mark.parametrize(
    ('kernel', 'depth'), [('_forward', 1), ('_backward', 1), ('_backward', 32)]
)
def test_kernels_compile_for_a_gpu(
    kernel: str, depth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    monkeypatch.setenv('TRITON_CACHE_DIR', str(tmp_path))
    function = getattr(loaded('compiled_sampling'), kernel)
    fixed = dict(num_levels=4, points=4, block_rows=16, block_depth=depth)
    integers = ('num_rows', 'rows_per_frame', 'tokens', 'heads', 'depth')
    types = {name: '*fp32' for name in function.arg_names} | {name: 'i32' for name in integers}
    types |= {'levels': '*i32'} | {name: 'constexpr' for name in fixed}
    source = ASTSource(fn=function, signature=types, constexprs=fixed)
    binary = triton.compile(source, target=GPUTarget('cuda', 80, 32))
    assert len(binary.asm['cubin']) > 1000


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch):
    """What is chosen when the variable has a value, or is not set."""

    def choose(value: str | None):
        monkeypatch.delenv('VSD_MOT_TRITON', raising=False)
        if value is not None:
            monkeypatch.setenv('VSD_MOT_TRITON', value)
        triton_sampling.cache_clear()
        return triton_sampling()

    yield choose
    triton_sampling.cache_clear()


def test_they_are_not_taken_where_they_do_not_run(chosen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f'{deformable_attention.__package__}.triton_sampling', None)
    with pytest.warns(UserWarning, match='Triton kernels .* do not run here'):
        assert chosen(None) is None
    with pytest.raises(ImportError):
        chosen('1')
    assert chosen('0') is None


def test_they_are_tried_before_they_are_taken() -> None:
    """Without a GPU by an error, and so as above."""
    if torch.cuda.is_available():
        deformable_attention._compare_on_gpu(naive_deformable_sampling)
        with pytest.raises(RuntimeError, match='other values'):
            deformable_attention._compare_on_gpu(
                lambda *args, **others: naive_deformable_sampling(*args, **others) + 1
            )
    else:
        with pytest.raises((RuntimeError, AssertionError)):
            deformable_attention._compare_on_gpu(naive_deformable_sampling)


@pytest.mark.gpu
@on_a_gpu
@pytest.mark.parametrize('dtype', [torch.float64, torch.float32, torch.bfloat16])
def test_kernels_on_a_gpu_equal_the_naive_form(dtype: torch.dtype, chosen) -> None:
    assert chosen('1') is chosen(None)
    shapes = [(76, 136), (38, 68), (19, 34), (10, 17)]
    inputs = sampling_inputs(queries=300, heads=8, depth=32, points=4, shapes=shapes)
    inputs = [tensor.to('cuda', dtype) for tensor in inputs]
    grad = torch.randn(2, 300, 256).to('cuda', dtype)
    form = sampling_form(inputs[0])
    assert form.__name__ == 'triton_deformable_sampling'
    wanted = output_and_grads(
        naive_deformable_sampling, *(tensor.double() for tensor in inputs), grad.double(), shapes
    )
    precision = 1e-9 if dtype == torch.float64 else 1e-3 if dtype == torch.float32 else 3e-2
    for one, other in zip(output_and_grads(form, *inputs, grad, shapes), wanted):
        difference = (one.double() - other).abs().max() / other.abs().max()
        assert difference < precision
