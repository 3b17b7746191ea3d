# What tune.py may change in a ByteTrack config.
_tracker = 'model.tracker.'
space = {
    f'{_tracker}obj_score_thrs.high': [0.2, 0.7],
    f'{_tracker}obj_score_thrs.low': [0.01, 0.2],
    f'{_tracker}init_track_thr': [0.2, 0.8],
    f'{_tracker}weight_iou_with_det_scores': [True, False],
    f'{_tracker}match_iou_thrs.high': [0.02, 0.3],
    f'{_tracker}match_iou_thrs.low': [0.1, 0.6],
    f'{_tracker}match_iou_thrs.tentative': [0.1, 0.4],
    f'{_tracker}num_frames_retain': [10, 60],
}
