"""Make the few forms of reStructuredText in our docstrings Markdown, for the reference."""

from __future__ import annotations

import re

from griffe import Extension, Object

ROLE = re.compile(r':\w+:`~?([^`]+)`')
LITERAL_BLOCK = re.compile(r'::(?=\n)')


class MarkdownDocstrings(Extension):
    """Turns roles into code and the double colon before a block of code into a colon."""

    def on_object(self, *, obj: Object, **_: object) -> None:
        """Change the docstring of an object that was read."""
        if obj.docstring is not None:
            text = ROLE.sub(r'`\1`', obj.docstring.value)
            obj.docstring.value = LITERAL_BLOCK.sub(':', text)
