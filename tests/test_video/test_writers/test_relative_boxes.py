from pathlib import Path

import pytest

from vsd_mot.errors import OutputError
from vsd_mot.video.writers.relative_boxes import outside_remark, relative_box


@pytest.mark.parametrize(
    ('box', 'relative'),
    [
        ((10, 20, 30, 60), (0.1, 0.25, 0.2, 0.5)),
        ((-10, 0, 50, 80), (0, 0, 0.5, 1)),
        ((100, 0, 120, 80), None),
        ((10, 10, 10, 20), None),
    ],
)
def test_boxes_are_clipped_shares_of_the_picture(box, relative):
    result = relative_box(box, (100, 80), Path('a'))
    assert result == (None if relative is None else pytest.approx(relative))


def test_an_unknown_size_is_an_error():
    with pytest.raises(OutputError, match='a: its boxes are shares of the picture'):
        relative_box((0, 0, 1, 1), None, Path('a'))
    assert outside_remark(Path('a'), 0) is None
