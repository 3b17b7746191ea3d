"""The command that describes people nobody described."""

from description_samples import write_sequence
from vsd_mot.commands import describe
from vsd_mot.datasets.descriptions import (
    FILE_NAME,
    read_descriptions,
)


def test_sequences_that_nobody_described_are_described(tmp_path, capsys):
    folder = write_sequence(tmp_path)
    options = ['--describer', 'model=ViT-S-32', 'pretrained=None', '--crops', '2', '--frames', '1']
    assert describe.main([str(tmp_path), *options]) == 0
    video = read_descriptions(folder / FILE_NAME)
    assert set(video.instances) == {1, 7}
    assert video.instances[1].gender in ('male', 'female')
    assert video.instances[1].text.startswith(f'A {video.instances[1].gender} person wearing')
    assert video.scene.weather is not None
    assert 'not the authors' in video.source
    before = (folder / FILE_NAME).read_bytes()
    assert describe.main([str(tmp_path), *options]) == 0
    assert (folder / FILE_NAME).read_bytes() == before
    assert '0 sequences described, 1 had descriptions' in capsys.readouterr().out
