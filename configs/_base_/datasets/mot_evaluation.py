# HOTA, CLEAR and Identity by TrackEval. The data sets that are evaluated list all classes of
# MOTChallenge, so that distractors are removed as the benchmark does it; models know people only.
mot_classes = (
    'pedestrian',
    'person_on_vehicle',
    'car',
    'bicycle',
    'motorbike',
    'non_mot_vehicle',
    'static_person',
    'distractor',
    'occluder',
    'occluder_on_ground',
    'occluder_full',
    'reflection',
    'crowd',
)
val_evaluator = dict(type='TrackingMetrics', metric=['HOTA', 'CLEAR', 'Identity'])
test_evaluator = val_evaluator
