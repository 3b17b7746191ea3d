# Detector, motion and queries agree on who is whom. Thresholds were searched on real sequences,
# others than those that are reported: docs/real_people.md. It takes the place of a model's own
# lifecycle: model = dict(lifecycle=dict(_base_.hybrid_lifecycle, _delete_=True)).
hybrid_lifecycle = dict(
    type='HybridLifecycle',
    high_score=0.42,
    low_score=0.17,
    high_similarity=0.2,
    low_similarity=0.15,
    birth_score=0.53,
    smoothing=0.25,
    remember_frames=10,
    retain=20,
    tentative=4,
    duplicate_iou=0.44,
    motion=dict(position_noise=0.087, velocity_noise=0.012),
)
