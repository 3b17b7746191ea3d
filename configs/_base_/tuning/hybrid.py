# What tune.py may change in a HybridLifecycle; its decoder's part is not searched.
_lifecycle = 'model.lifecycle.'
space = {
    f'{_lifecycle}high_score': [0.2, 0.7],
    f'{_lifecycle}low_score': [0.01, 0.2],
    f'{_lifecycle}high_similarity': [0.02, 0.3],
    f'{_lifecycle}low_similarity': [0.1, 0.6],
    f'{_lifecycle}birth_score': [0.2, 0.8],
    f'{_lifecycle}smoothing': [0.0, 1.0],
    f'{_lifecycle}coast': [0, 8],
    f'{_lifecycle}retain': [10, 60],
    f'{_lifecycle}tentative': [1, 4],
    f'{_lifecycle}duplicate_iou': [0.3, 1.0],
    f'{_lifecycle}motion.position_noise': [0.02, 0.15],
    f'{_lifecycle}motion.velocity_noise': [0.003, 0.06],
}
