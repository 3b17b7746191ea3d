"""The command that makes appearance vectors."""

from two_people_set import make_vectors, write_set


def test_killed_making_of_appearance_goes_on(tmp_path):
    root = write_set(tmp_path)
    make_vectors(root)
    whole = (root / 'train.appearance').read_bytes()
    # Killed within a frame: the half frame is made again.
    (root / 'train.appearance').rename(root / 'train.appearance.part')
    with (root / 'train.appearance.part').open('r+b') as file:
        file.truncate(len(whole) - 7 * 2 * 12 - 5)
    make_vectors(root)
    assert (root / 'train.appearance').read_bytes() == whole
