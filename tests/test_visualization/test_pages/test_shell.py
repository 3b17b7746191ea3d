"""What all pages have in common."""

import base64
import hashlib
import json
import re

from browsers import needs_browser
from vsd_mot.visualization.pages import whole_page
from vsd_mot.visualization.pages.shell import data_block


def test_the_policy_names_the_style_and_the_script_that_are_in_the_page() -> None:
    page = whole_page('a', '<p>b', scripts=['tracks/data.js'])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none';")
    for tag in ('style', 'script'):
        content = re.search(f'<{tag}>(.*)</{tag}>', page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_page_without_scripts_runs_none() -> None:
    page = whole_page('<script>alert(1)</script>', '<h1>b</h1>')
    assert '<script' not in page
    assert "script-src 'none'" in page


def test_data_ends_where_it_ends() -> None:
    hostile = '</script><script>alert(1)</script><!--'
    block = data_block('data', [hostile, 1])
    assert block.count('<') == 2
    assert json.loads(re.fullmatch(r'<script [^>]*>(.*)</script>', block)[1]) == [hostile, 1]


class TestInABrowser:
    pytestmark = needs_browser

    def test_what_slipped_in_does_not_run(self, watched, tmp_path) -> None:
        file = tmp_path / 'page.html'
        file.write_text(
            whole_page(
                'a', '<script>document.title = "broken"</script><img src=x onerror="alert(1)">'
            )
        )
        watched.page.on('dialog', lambda dialog: watched.outside.append(dialog.message))
        watched.page.goto(file.as_uri())
        assert watched.page.title() == 'a'
        refused = [one for one in watched.complaints if 'Content Security Policy' in one]
        assert len(refused) == len(watched.complaints) >= 2
        watched.complaints.clear()
