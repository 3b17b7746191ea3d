# What tune.py may change in a config of the package trackers' ByteTrack.
_tracker = 'model.tracker.'
space = {
    f'{_tracker}high_conf_det_threshold': [0.2, 0.7],
    f'{_tracker}track_activation_threshold': [0.2, 0.8],
    f'{_tracker}minimum_iou_threshold': [0.02, 0.4],
    f'{_tracker}minimum_consecutive_frames': [1, 4],
    f'{_tracker}lost_track_buffer': [10, 60],
}
