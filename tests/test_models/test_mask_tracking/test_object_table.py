"""Objects in groups: places are used once."""

import pytest

from vsd_mot.models.mask_tracking.object_table import ObjectTable


def test_new_objects_fill_groups_before_they_open_one():
    table = ObjectTable(3)
    table.open([5, 9])
    changed = table.open([1, 2])
    assert [group.slots for group in table.groups] == [[5, 9, 1], [2]]
    assert len(changed) == 2


def test_a_place_of_a_gone_object_stays_empty():
    table = ObjectTable(2)
    table.open([5, 9])
    assert table.close([5, 77]) == []
    table.open([4])
    assert [group.slots for group in table.groups] == [[None, 9], [4]]
    (empty,) = table.close([9])
    assert empty.slots == [None, None]
    assert table.identities == [4]


def test_an_identity_is_followed_once():
    with pytest.raises(ValueError, match=r'objects \[3\] are being followed already, or stand'):
        ObjectTable(10).open([3, 3])
