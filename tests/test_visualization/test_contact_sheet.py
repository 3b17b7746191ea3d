"""Contact sheets."""

import numpy as np
import pytest

from vsd_mot.visualization.contact_sheet import SheetRow, contact_sheet


def test_sheet_arranges_rows():
    red, blue = np.zeros((2, 50, 100, 3), np.uint8)
    red[..., 2], blue[..., 0] = 200, 200
    sheet = contact_sheet([SheetRow('', [red, blue]), SheetRow('', [blue])], width=312)
    assert sheet.shape == (3 * 4 + 2 * 75, 312, 3)
    assert tuple(sheet[40, 80]) == (0, 0, 200)
    assert tuple(sheet[40, 230]) == (200, 0, 0)
    assert tuple(sheet[120, 80]) == (200, 0, 0)
    assert tuple(sheet[120, 230]) == (24, 24, 24)
    captioned = contact_sheet([SheetRow('', [red, blue], ['a caption', 'another'])], width=312)
    assert captioned[:30].max() > 240  # white on the panel
    with pytest.raises(ValueError, match='at least one image'):
        contact_sheet([SheetRow('empty', [])])
