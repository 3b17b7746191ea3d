# What tune.py may change in a C-BIoU config: BoT-SORT's thresholds, and how much boxes are widened.
_base_ = './botsort.py'
_tracker = 'model.tracker.'
space = {
    f'{_tracker}buffer_ratio_first': [0.0, 0.5],
    f'{_tracker}buffer_ratio_second': [0.2, 0.8],
}
