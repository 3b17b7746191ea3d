# What tune.py may change in a BoT-SORT config.
_tracker = 'model.tracker.'
space = {
    f'{_tracker}high_conf_det_threshold': [0.2, 0.7],
    f'{_tracker}track_activation_threshold': [0.2, 0.8],
    f'{_tracker}minimum_iou_threshold_first_assoc': [0.02, 0.4],
    f'{_tracker}minimum_iou_threshold_second_assoc': [0.1, 0.6],
    f'{_tracker}minimum_iou_threshold_unconfirmed_assoc': [0.1, 0.4],
    f'{_tracker}minimum_consecutive_frames': [1, 4],
    f'{_tracker}lost_track_buffer': [10, 60],
}
