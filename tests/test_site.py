"""The documentation as a site, and its notebooks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / 'docs' / 'notebooks').glob('*.ipynb'))
# Of a row of scores in percent: its name, and HOTA.
SCORES = re.compile(r'^(\S.*?) {2,}(\d+\.\d) .*\d$', re.MULTILINE)


def scores_in(notebook: nbformat.NotebookNode) -> dict[str, float]:
    """HOTA in percent, by what was scored."""
    outputs = [output for cell in notebook.cells for output in cell.get('outputs', [])]
    text = ''.join(output.get('text', '') for output in outputs)
    return {name: float(value) for name, value in SCORES.findall(text)}


@pytest.fixture
def shell(monkeypatch):
    """The interpreter that a notebook's kernel has, in this process, in the repository's root."""
    monkeypatch.chdir(ROOT)
    return InteractiveShell()


@pytest.mark.parametrize('path', NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_gives(path, shell):
    notebook = nbformat.read(path, as_version=4)
    expected = scores_in(notebook)
    printed = ''
    for cell in notebook.cells:
        if cell.cell_type == 'code':
            with capture_output() as output:
                result = shell.run_cell(cell.source)
            result.raise_error()
            printed += output.stdout
    measured = {name: float(value) for name, value in SCORES.findall(printed)}
    assert expected
    assert measured.keys() == expected.keys()
    for name, value in expected.items():
        # A point more or less comes of other instructions of a processor.
        assert measured[name] == pytest.approx(value, abs=2), name


def test_no_link_of_the_site_is_broken(tmp_path):
    command = [sys.executable, '-m', 'mkdocs', 'build', '--strict', '--site-dir', str(tmp_path)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, 'NO_MKDOCS_2_WARNING': '1'},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    home = (tmp_path / 'index.html').read_text(encoding='utf-8')
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', home)
    reference = (tmp_path / 'docs' / 'reference' / 'apis' / 'index.html').read_text('utf-8')
    for name in ('init_tracker', 'track_video', 'TrackOutputs'):
        assert f'id="vsd_mot.apis.{name}"' in reference
    pages = {path.stem for path in (ROOT / 'docs').glob('*.md')}
    assert pages <= {path.parent.name for path in (tmp_path / 'docs').glob('*/index.html')}
