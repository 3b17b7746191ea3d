"""What the page says of a run."""

from collections import Counter

from vsd_mot.app.running import damage_report


def test_damage_in_words() -> None:
    assert damage_report(Counter(), []) == 'No damaged frames.'
    damage = Counter(frozen=2, blank=5)
    assert damage_report(damage, ['walk.mp4 breaks off']).splitlines() == [
        '- 5 frames: blank',
        '- 2 frames: frozen',
        '- walk.mp4 breaks off',
    ]
