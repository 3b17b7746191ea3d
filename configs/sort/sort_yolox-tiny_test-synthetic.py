# MMTracking's SORT (DeepSORT without ReID) on the synthetic set, otherwise as ByteTrack there.
_base_ = '../bytetrack/bytetrack_yolox-tiny_test-synthetic.py'
model = dict(
    type='DeepSORT',
    motion=dict(center_only=False),
    tracker=dict(
        _delete_=True, type='SORTTracker', obj_score_thr=0.5, match_iou_thr=0.5, reid=None
    ),
)
