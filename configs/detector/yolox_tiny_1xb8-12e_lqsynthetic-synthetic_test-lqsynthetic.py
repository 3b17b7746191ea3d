# The small YOLOX on the synthetic set and its low-quality copy: as many iterations as on the
# undegraded set alone. For recall on undegraded frames: --cfg-options
# test_dataloader.dataset.data_root=data/synthetic/
_base_ = './yolox_tiny_1xb8-25e_synthetic_test-synthetic.py'
lq_root = 'data/LQsynthetic/'
clean = _base_.train_dataloader.dataset.dataset
train_dataloader = dict(
    dataset=dict(
        dataset=dict(
            _delete_=True, type='ConcatDataset', datasets=[clean, {**clean, 'data_root': lq_root}]
        )
    )
)
val_dataloader = dict(dataset=dict(data_root=lq_root))
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=lq_root + 'annotations/val.json')
test_evaluator = val_evaluator

max_epochs = 12
train_cfg = dict(max_epochs=max_epochs, val_interval=4)
warmup, cosine = _base_.param_scheduler
param_scheduler = [warmup, {**cosine, 'end': max_epochs, 'T_max': max_epochs - 1}]
fit, switch, ema = _base_.custom_hooks
custom_hooks = [fit, {**switch, 'num_last_epochs': 4}, ema]
