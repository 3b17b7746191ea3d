"""Two people who walk, of whom the detector is sure of one."""

FRAMES = 12


BYTETRACK = dict(
    type='ByteTrack',
    motion=dict(type='KalmanFilter'),
    tracker=dict(
        type='ByteTracker',
        obj_score_thrs=dict(high=0.6, low=0.1),
        init_track_thr=0.7,
        match_iou_thrs=dict(high=0.1, low=0.5, tentative=0.3),
        num_frames_retain=30,
    ),
)


HYBRID = dict(type='MOTRv2', lifecycle=dict(type='HybridLifecycle', min_area=0))


SORT = dict(
    type='DeepSORT',
    motion=dict(type='KalmanFilter'),
    tracker=dict(type='SORTTracker', reid=None, obj_score_thr=0.5, match_iou_thr=0.3),
)


BOTSORT = dict(type='BoxTracker', tracker=dict(type='RoboflowTracker', name='botsort'))
