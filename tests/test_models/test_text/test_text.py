import json

import cv2
import numpy as np
import pytest
import torch

from vsd_mot.commands import describe, encode_descriptions
from vsd_mot.datasets.descriptions import (
    FILE_NAME,
    DescriptionError,
    InstanceDescription,
    SceneDescription,
    TextFeatures,
    VideoDescriptions,
    read_descriptions,
)
from vsd_mot.models.text import BagOfWordsEncoder, CLIPTextEncoder


def described(**changes):
    content = dict(
        video='A',
        scene=dict(camera='static', viewpoint='medium', weather='sunny'),
        instances={'1': dict(gender='male', shirt='red', pants='black'), '7': dict(text='Tall.')},
    )
    return content | changes


def write_sequence(root, name='A', content=None, identities=(1, 7)):
    folder = root / name
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    for frame in (1, 2, 3):
        image = np.full((60, 80, 3), 40 * frame, np.uint8)
        cv2.imwrite(str(folder / 'img1' / f'{frame:06d}.jpg'), image)
    rows = [f'{f},{i},{5 * i},5,20,40,1,1,0.{f}\n' for f in (1, 2, 3) for i in identities]
    (folder / 'gt' / 'gt.txt').write_text(''.join(rows))
    if content is not None:
        (folder / FILE_NAME).write_text(json.dumps(content))
    return folder


def test_sentences_follow_the_published_templates(tmp_path):
    folder = write_sequence(tmp_path, content=described())
    video = read_descriptions(folder / FILE_NAME)
    assert video.scene.text == (
        'A scene captured by static camera from medium viewpoint on sunny day.'
    )
    assert video.instances[1].text == 'A male person wearing red shirt and black pants.'
    assert video.instances[7].text == 'Tall.'
    assert InstanceDescription(shirt='red').text == 'A person wearing red shirt.'
    assert SceneDescription().text == 'A scene captured.'


def test_what_is_written_is_read_again(tmp_path):
    video = VideoDescriptions(
        'B', SceneDescription(camera='static'), {3: InstanceDescription(shirt='blue')}, 'nobody'
    )
    video.write(tmp_path / FILE_NAME)
    assert read_descriptions(tmp_path / FILE_NAME) == video


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        ([], 'must be an object'),
        (dict(video='A', instances={}), 'scene missing'),
        (described(colour='red'), "unknown 'colour'"),
        (described(instances={'one': {}}), "'one' is no identity"),
        (described(instances={'1': dict(hat='red')}), "1: unknown 'hat'"),
        (described(instances={'1': dict(shirt=3)}), '"shirt" must be a text'),
        (described(instances={'1': {}, '01': {}}), 'described twice'),
        (described(scene=dict(text=' ')), '"text" must be a text'),
        (described(video=3), 'must be the name of the sequence'),
    ],
)
def test_wrong_descriptions_are_refused_and_the_place_is_named(tmp_path, content, message):
    folder = write_sequence(tmp_path, content=content)
    with pytest.raises(DescriptionError, match=message):
        read_descriptions(folder / FILE_NAME)


def encode(tmp_path, *options):
    return encode_descriptions.main([str(tmp_path), *map(str, options)])


def test_features_are_stored_by_video_and_identity(tmp_path):
    write_sequence(tmp_path / 'set', content=described(background=dict(text='background')))
    out = tmp_path / 'text.npz'
    assert encode(tmp_path / 'set', '--out', out, '--encoder', 'type=BagOfWordsEncoder') == 0
    features = TextFeatures(out)
    assert list(features) == ['A']
    video = features['A']
    encoder = BagOfWordsEncoder()
    expected = encoder(['Tall.', 'background'])
    ours = video.of(np.array([7, 1, 5, -1]))
    np.testing.assert_allclose(ours[0], expected[0])
    np.testing.assert_allclose(ours[3], expected[1])
    assert np.isnan(ours[2]).all()
    assert not np.isnan(ours[1]).any()
    published = video.of(np.array([-1]), published=True)
    np.testing.assert_allclose(published[0], ours[1])


def test_description_of_who_is_not_there_is_an_error(tmp_path, capsys):
    write_sequence(tmp_path, content=described(), identities=(1,))
    assert encode(tmp_path, '--check') == 1
    message = capsys.readouterr().err
    assert 'describes 1 identities of A that its ground truth does not have (7)' in message


def test_sequence_without_descriptions_is_an_error(tmp_path, capsys):
    write_sequence(tmp_path)
    assert encode(tmp_path, '--check') == 1
    assert f'has no {FILE_NAME}' in capsys.readouterr().err


def test_damaged_features_are_refused(tmp_path):
    (tmp_path / 'text.npz').write_bytes(b'no features')
    with pytest.raises(DescriptionError, match='or is damaged'):
        TextFeatures(tmp_path / 'text.npz')
    with pytest.raises(FileNotFoundError, match='encode_descriptions'):
        TextFeatures(tmp_path / 'nothing.npz')


def test_words_make_sentences_alike():
    red, also_red, blue = BagOfWordsEncoder()(
        ['A person wearing red shirt.', 'A male person wearing red shirt.', 'A blue day.']
    )
    assert red @ also_red > 0.5
    assert abs(red @ blue) < 0.2
    torch.testing.assert_close(red.norm(), torch.tensor(1.0))


def test_sentences_are_encoded_by_open_clip():
    encoder = CLIPTextEncoder('ViT-S-32', pretrained=None, batch_size=2)
    features = encoder(['one', 'two', 'three'])
    assert features.shape == (3, 384)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(features[1], encoder(['two'])[0], rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match='open_clip has no model'):
        CLIPTextEncoder('ViT-Z')


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
