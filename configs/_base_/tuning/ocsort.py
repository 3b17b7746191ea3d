# What tune.py may change in an OC-SORT config.
_tracker = 'model.tracker.'
space = {
    f'{_tracker}high_conf_det_threshold': [0.1, 0.7],
    f'{_tracker}minimum_iou_threshold': [0.05, 0.5],
    f'{_tracker}minimum_consecutive_frames': [1, 5],
    f'{_tracker}direction_consistency_weight': [0.0, 0.5],
    f'{_tracker}delta_t': [1, 5],
    f'{_tracker}lost_track_buffer': [10, 60],
}
