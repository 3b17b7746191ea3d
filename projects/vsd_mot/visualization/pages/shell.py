"""What all pages have in common: one style, and a policy that lets nothing in or out."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from pathlib import Path

ASSETS = Path(__file__).parent
# Only what stands in the page itself: this style, this script, pictures as data, videos as blobs.
POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; media-src blob:; "
    "base-uri 'none'; form-action 'none'"
)


def asset(name: str) -> str:
    """Return a file that lies beside this module."""
    return (ASSETS / name).read_text(encoding='utf-8')


def whole_page(title: str, body: str, *, scripts: Sequence[str] = ()) -> str:
    """Return a page that needs no other file.

    Args:
        title: Plain text.
        body: HTML, what came from files escaped in it.
        scripts: Names of our scripts, run one after the other as one; a browser that keeps to the
            page's policy runs nothing else.
    """
    style, script = asset('style.css'), '\n'.join(asset(name) for name in scripts)
    policy = POLICY.format(style=_digest(style), script=_digest(script) if script else "'none'")
    running = f'<script>{script}</script>' if script else ''
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{html.escape(title)}</title><style>{style}</style>{body}{running}</html>\n'
    )


def data_block(name: str, data: object) -> str:
    """Return JSON as an element that scripts of the page can read, and that ends where it ends.

    Args:
        name: The element's id.
        data: What JSON can hold; texts may hold anything, `</script>` too.
    """
    text = json.dumps(data, allow_nan=False, separators=(',', ':')).replace('<', '\\u003c')
    return f'<script type="application/json" id="{html.escape(name)}">{text}</script>'


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
