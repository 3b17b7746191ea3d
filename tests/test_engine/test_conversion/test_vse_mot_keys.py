"""Names of the published weights of VSE-MOT's semantic branch."""

from vsd_mot.engine.conversion.vse_mot_keys import _MODULES, vse_mot_key


def test_weights_of_the_branch_are_renamed_and_others_are_motrv2s():
    assert vse_mot_key('aspp.b0.1.weight') == 'semantics.fusion.aspp.point.norm.weight'
    assert vse_mot_key('conv5.bias', branch='x') == 'x.fusion.shrink.1.conv.bias'
    name = 'semantics.source.encoder.visual.layer1.0.conv1.weight'
    assert vse_mot_key('image_encoder.layer1.0.conv1.weight') == name
    assert vse_mot_key('transformer.decoder.layers.0.linear2.weight') is None
    assert vse_mot_key('conv10.weight') is None  # begins as conv1 does


def test_no_two_published_parts_go_to_one_of_ours():
    assert len(set(_MODULES.values())) == len(_MODULES)
