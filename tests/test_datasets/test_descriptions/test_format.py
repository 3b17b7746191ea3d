"""Descriptions of people and scenes: what is read, what is refused, the sentences."""

import pytest

from description_samples import described, write_sequence
from vsd_mot.datasets.descriptions import (
    FILE_NAME,
    DescriptionError,
    InstanceDescription,
    SceneDescription,
    VideoDescriptions,
    read_descriptions,
)


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
