# The small YOLOX on the synthetic set and its low-quality copy. It makes the proposals of all tiny
# configs, and they stand on its backbone and neck (demo/yolox_tiny_synthetic.pth). For recall on
# undegraded frames: --cfg-options test_dataloader.dataset.data_root=data/synthetic/
_base_ = './yolox_tiny_1xb8-8e_synthetic_test-synthetic.py'
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
