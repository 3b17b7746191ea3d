"""The house: imports run downwards only, and nothing is imported late to avoid a circle."""

import ast
from pathlib import Path

import vsd_mot

PACKAGE = Path(vsd_mot.__file__).parent
# From the ground up; a room may import from those before it.
FLOORS = (
    'version',
    'late_imports',
    'errors',
    'extras',
    'fileio',
    'locks',
    'processes',
    'data_files',
    'mot_text',
    'images',
    'mot_layout',
    'engine',
    'degradation',
    'visualization',
    'video',
    'datasets',
    'models',
    'export',
    'evaluation',
    'apis',
    'app',
    'commands',
)
# Within models: what is shared, the semantics that go into a tracker, the families of trackers.
MODEL_FLOORS = (
    'clock',
    'frames',
    'description',
    'data_preprocessor',
    'token_linear',
    'detectors',
    'appearance',
    'text',
    'semantics',
    'box_tracking',
    'query_tracking',
    'graph_tracking',
    'mask_tracking',
)


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob('*.py')) if '.mim' not in path.parts]


def imported_modules(path: Path) -> list[tuple[int, tuple[str, ...], bool]]:
    """Line, parts of the module within the package, and whether it is imported late."""
    inside = path.relative_to(PACKAGE).parts[:-1]
    tree = ast.parse(path.read_text())
    top = set(map(id, tree.body))
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = inside[: len(inside) - (node.level - 1)]
            parts = (*base, *(node.module or '').split('.')) if node.module else base
            names = [(*parts, alias.name) for alias in node.names] if not node.module else [parts]
        elif (node.module or '').split('.')[0] == 'vsd_mot':
            names = [tuple(node.module.split('.')[1:])]
        else:
            continue
        found += [(node.lineno, name, id(node) not in top) for name in names]
    return found


def test_every_room_has_a_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix('.py') for path in modules()}
    assert rooms - {'__init__'} == set(FLOORS)
    models = {path.relative_to(PACKAGE).parts[1] for path in modules() if 'models' in path.parts}
    assert {name.removesuffix('.py') for name in models} - {'__init__'} <= set(MODEL_FLOORS)


def test_imports_run_downwards() -> None:
    upwards = []
    for path in modules():
        inside = path.relative_to(PACKAGE).with_suffix('').parts
        if inside[-1] == '__init__' and len(inside) == 1:
            continue  # registers everything
        for line, target, _ in imported_modules(path):
            for floors, depth in ((FLOORS, 0), (MODEL_FLOORS, 1)):
                if depth and not inside[0] == target[0] == 'models':
                    continue
                if len(inside) <= depth or len(target) <= depth:
                    continue
                here, there = inside[depth], target[depth]
                if '__init__' in (here, there) or there not in floors:
                    continue
                if floors.index(there) > floors.index(here):
                    upwards.append(f'{path.relative_to(PACKAGE)}:{line} imports {".".join(target)}')
    assert not upwards, '\n'.join(upwards)


def test_nothing_of_ours_is_imported_late() -> None:
    late = [
        f'{path.relative_to(PACKAGE)}:{line} imports {".".join(target)}'
        for path in modules()
        for line, target, is_late in imported_modules(path)
        if is_late
    ]
    assert not late, '\n'.join(late)


def test_optional_packages_are_imported_where_they_are_used() -> None:
    """Who does not use them need not have them, see requirements/optional.txt and hqsam.txt."""
    optional = {'onnx', 'onnxruntime', 'openvino', 'optuna', 'segment_anything_hq'}
    early = [
        f'{path.relative_to(PACKAGE)}:{node.lineno}'
        for path in modules()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, 'module', None), *(alias.name for alias in node.names))
        if (name or '').split('.')[0] in optional
    ]
    assert not early, '\n'.join(early)
