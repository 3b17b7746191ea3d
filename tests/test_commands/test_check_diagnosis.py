"""vsd-mot check-diagnosis."""

import cv2

from good_video import walk_past_a_photograph
from vsd_mot.commands.check_diagnosis import main
from vsd_mot.evaluation.video_diagnosis.known_faults import FAULTS


def test_it_counts_what_is_named_first(tmp_path, capsys):
    for frame in walk_past_a_photograph(24):
        cv2.imwrite(str(tmp_path / f'{frame.number:06d}.png'), frame.image)
    natural = [fault for fault in FAULTS if fault not in ('darkness', 'frozen frames')]
    assert main([str(tmp_path), '--frames', '24', '--natural', *natural]) == 0
    printed = capsys.readouterr().out
    assert f'right  {tmp_path.name}  darkness: darkness' in printed
    assert '2 of 2 faults are named first, 1 of 1 clean videos have no blame' in printed
