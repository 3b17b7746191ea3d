"""Clips of a video for training and inference."""

import lgmot_published as published


def test_windows_of_clips_are_the_published_ones():
    from vsd_mot.datasets.track_clips import inference_clips, training_clips

    windows = published.numbers('windows')
    for case in windows['cases']:
        frames = case['detected_frames']
        assert [list(clip) for clip in training_clips(frames)] == case['train']
        assert [list(clip) for clip in inference_clips(frames)] == case['test']
    ours = []
    for name in published.TRAIN_CLIPS:
        frames = published.scene(name)[0].detected_frames
        ours += [[name, *clip] for clip in training_clips(frames)]
    assert ours == windows['scenes']['train']
    for name, clips in windows['scenes']['test'].items():
        frames = published.scene(name)[0].detected_frames
        assert [list(clip) for clip in inference_clips(frames)] == clips
