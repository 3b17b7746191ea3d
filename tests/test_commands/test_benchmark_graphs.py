from vsd_mot.commands import benchmark_graphs
from vsd_mot.engine.configs import find_config_file

CONFIG = 'lg_mot/lg-mot_tiny_1xb2-4e_synthetic_test-synthetic.py'


def test_time_and_memory_of_every_number_of_people_and_frames(capsys):
    arguments = [str(find_config_file(CONFIG)), '--people', '2', '5', '--frames', '40', '200']
    assert not benchmark_graphs.main(arguments)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-4:]]
    assert [row[:2] for row in rows] == [['2', '40'], ['2', '200'], ['5', '40'], ['5', '200']]
    assert all(float(row[2]) > 0 and float(row[3]) > 0 for row in rows)
    # Everybody is one track, also over the seams of clips.
    assert [row[4] for row in rows] == ['2', '2', '5', '5']
