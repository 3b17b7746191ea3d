"""The test of x/y.py is tests/test_x/test_y.py, for every module and every test."""

from pathlib import Path

import vsd_mot

PACKAGE = Path(vsd_mot.__file__).parent
TESTS = Path(__file__).parent
# Modules without a test of their own, and why.
UNTESTED = {
    'version.py': 'a constant',
    'errors.py': 'classes without behaviour',
    'models/mask_tracking/refiners/base.py': 'a Protocol',
    'models/query_tracking/parts.py': 'Protocols',
    'models/query_tracking/queries/frame_evidence.py': 'classes of fields alone',
}
# Tests of what several modules do together.
ACROSS = {
    'test_arguments.py',
    'test_docstrings.py',
    'test_imports.py',
    'test_layout.py',
    'test_readme.py',
    'test_site.py',
    'test_words.py',
    'test_commands/test_train_masks.py',
    'test_export/test_torch_free.py',
    'test_models/test_detectors/test_detector_configs.py',
    'test_models/test_query_tracking/test_fine_tuning_configs.py',
    'test_models/test_query_tracking/test_motrv2_gpu.py',
    'test_models/test_query_tracking/test_motrv2_parity.py',
    'test_models/test_semantics/test_vsd_configs.py',
    'test_models/test_semantics/test_vsd_tracker.py',
    'test_models/test_semantics/test_vse_branch.py',
    'test_models/test_semantics/test_vse_configs.py',
    'test_models/test_semantics/test_vse_fusion_parity.py',
    'test_models/test_semantics/test_vse_parity.py',
}
# Folders of such tests.
ACROSS_FOLDERS = ('test_cli', 'test_configs', 'test_install', 'test_reliability')
MAX_LINES = 300


def modules() -> set[str]:
    """All modules but packages' `__init__`, as paths below the package."""
    paths = (path.relative_to(PACKAGE) for path in PACKAGE.rglob('*.py'))
    return {
        path.as_posix() for path in paths if '.mim' not in path.parts and path.stem != '__init__'
    }


def files_of_tests() -> dict[str, Path]:
    """All test files by their paths below this folder."""
    return {path.relative_to(TESTS).as_posix(): path for path in TESTS.rglob('test_*.py')}


def path_of_test(module: str) -> str:
    """Path of a module's test."""
    *rooms, name = module.removesuffix('.py').split('/')
    return '/'.join([*(f'test_{room}' for room in rooms), f'test_{name.strip("_")}.py'])


def test_every_module_has_a_test_of_its_name() -> None:
    missing = {module: path_of_test(module) for module in modules() - set(UNTESTED)}
    missing = {module: test for module, test in missing.items() if test not in files_of_tests()}
    assert not missing


def test_what_is_listed_as_untested_is() -> None:
    assert not [module for module in UNTESTED if path_of_test(module) in files_of_tests()]
    assert set(UNTESTED) <= modules()


def test_every_test_has_the_name_of_a_module() -> None:
    known = {path_of_test(module) for module in modules()} | ACROSS
    stray = [
        name
        for name in files_of_tests()
        if name not in known and not name.startswith(ACROSS_FOLDERS)
    ]
    assert not stray
    assert set(files_of_tests()) >= ACROSS


def test_tests_fit_in_one_reading() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in files_of_tests().items()}
    assert not {name: length for name, length in lengths.items() if length > MAX_LINES}
