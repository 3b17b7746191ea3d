# What tune.py may change in a SORT config.
_tracker = 'model.tracker.'
space = {
    f'{_tracker}obj_score_thr': [0.1, 0.7],
    f'{_tracker}match_iou_thr': [0.1, 0.7],
    f'{_tracker}num_tentatives': [1, 5],
    f'{_tracker}num_frames_retain': [1, 60],
}
