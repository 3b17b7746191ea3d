"""What the README and the docs show is what there is."""

import ast
import re
from pathlib import Path

from mmengine.config import Config

ROOT = Path(__file__).parents[1]
README = (ROOT / 'README.md').read_text()
SWAPPING = (ROOT / 'docs/swapping.md').read_text()


def test_vsd_mot_on_one_page_is_the_config() -> None:
    (block,) = re.findall(r'```python\n(model = dict\(\n.*?)```', SWAPPING, re.DOTALL)
    names: dict = {}
    exec(compile(ast.parse(block), 'swapping.md', 'exec'), {'dict': dict}, names)
    config = ROOT / 'configs/vsd_mot/vsd-mot_r50_8xb1-60e_lqmot-mot-crowdhuman_test-lqmotval.py'
    assert names['model'] == Config.fromfile(config).model.to_dict()


def test_files_and_folders_that_are_named_exist() -> None:
    named = set(re.findall(r'\]\(([\w./-]+?)(?:#[\w-]+)?\)', README))
    named |= set(re.findall(r'(?:tools|configs|demo|docs)/[\w./-]+\.(?:py|pth|md)', README))
    missing = sorted(name for name in named if not (ROOT / name).exists())
    assert not missing
