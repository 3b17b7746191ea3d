"""Calls that can be read: no bare booleans, and no more than three arguments by position."""

import ast
from collections.abc import Iterator
from pathlib import Path

import vsd_mot

PACKAGE = Path(vsd_mot.__file__).parent
MOST_BY_POSITION = 3
# Who calls these passes arguments by position, and is not ours.
FRAMEWORK_METHODS = {
    'train': 'torch.nn.Module.train(mode)',
    '_apply': 'torch.nn.Module._apply(fn, recurse)',
    'ClipDataPreprocessor.forward': 'mmengine calls data_preprocessor(data, training)',
    'DetectionDataPreprocessor.forward': 'mmengine calls data_preprocessor(data, training)',
    'TimmNetwork.forward_head': "timm's own forward_head(features, pre_logits)",
    'StepGraph.forward': 'torch.onnx.export passes all by position',
    'HandoverGraph.forward': 'torch.onnx.export passes all by position',
    'attention_beside_padding': 'called as torch.nn.MultiheadAttention.forward',
    'fuse_maps': 'called as SemanticFusion.forward',
    'BagSampling.forward': 'torch.autograd.Function.apply passes all by position',
    'TritonSampling.forward': 'torch.autograd.Function.apply passes all by position',
    'DictAction.__call__': 'argparse',
    'after_train_iter': 'mmengine.hooks.Hook',
    'after_val_iter': 'mmengine.hooks.Hook',
    'after_test_iter': 'mmengine.hooks.Hook',
    'QualityTrackVisualizer.add_datasample': "mmdet's TrackLocalVisualizer",
    'load_url_weights': 'stands in for torch.hub.load_state_dict_from_url',
    'redirect_request': 'urllib.request.HTTPRedirectHandler',
    '_rebuild': 'the unpickler calls it as torch._utils._rebuild_tensor_v2',
}


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef, bool]]:
    """Name, node, and whether the first argument is self or cls, of all that are not nested."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node, False
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                static = any(ast.unparse(d) == 'staticmethod' for d in method.decorator_list)
                yield f'{node.name}.{method.name}', method, not static


def by_position(function: ast.FunctionDef, *, bound: bool) -> list[tuple[ast.arg, ast.expr | None]]:
    """The arguments that may be passed by position, with their defaults."""
    names = [*function.args.posonlyargs, *function.args.args]
    defaults: list[ast.expr | None] = [*function.args.defaults]
    defaults = [None] * (len(names) - len(defaults)) + defaults
    return list(zip(names, defaults))[1 if bound else 0 :]


def is_boolean(argument: ast.arg, default: ast.expr | None) -> bool:
    annotated = argument.annotation is not None and ast.unparse(argument.annotation) == 'bool'
    return annotated or (isinstance(default, ast.Constant) and isinstance(default.value, bool))


def unreadable(source: str) -> list[str]:
    """What is wrong with the signatures of a module."""
    wrong = []
    for name, function, bound in functions(ast.parse(source)):
        if name in FRAMEWORK_METHODS or function.name in FRAMEWORK_METHODS:
            continue
        if any(ast.unparse(decorator) == 'triton.jit' for decorator in function.decorator_list):
            continue  # a kernel is launched with its tensors in a row
        arguments = by_position(function, bound=bound)
        if len(arguments) > MOST_BY_POSITION:
            wrong.append(f'{function.lineno} {name} takes {len(arguments)} by position')
        wrong += [
            f'{function.lineno} {name}: the boolean {argument.arg} is to be keyword-only'
            for argument, default in arguments
            if is_boolean(argument, default)
        ]
    return wrong


def test_arguments_are_keyword_only_where_a_call_could_not_be_read() -> None:
    wrong = [
        f'{path.relative_to(PACKAGE)}:{line}'
        for path in sorted(PACKAGE.rglob('*.py'))
        if '.mim' not in path.parts
        for line in unreadable(path.read_text())
    ]
    assert not wrong, '\n'.join(wrong)


def test_the_check_sees_booleans_and_long_calls() -> None:
    assert unreadable('def f(a, b, c, d): ...')
    assert unreadable('def f(a, b=True): ...')
    assert unreadable('class A:\n    def f(self, b: bool): ...')
    assert not unreadable('class A:\n    def f(self, a, b, c, *, d=True): ...')
    assert not unreadable('class A:\n    def train(self, mode=True): ...')
