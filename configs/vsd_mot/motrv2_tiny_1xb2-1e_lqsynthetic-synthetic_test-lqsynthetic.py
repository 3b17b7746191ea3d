# Table V on a laptop, first rung: the baseline, trained on with low-quality and undegraded videos
# 2:1. All rungs start from the tiny MOTRv2 of the undegraded videos and get 600 iterations.
#     python tools/dataset_converters/make_synthetic.py data/synthetic
#     python tools/dataset_converters/make_lq.py data/synthetic data/LQsynthetic \
#         --recipe lqdancetrack
#     python tools/dataset_converters/mot2coco.py data/LQsynthetic
# and proposals of both by the tiny YOLOX (configs/detector). For the undegraded videos:
#     --cfg-options test_dataloader.dataset.data_root=data/synthetic/
_base_ = '../motrv2/motrv2_tiny_2xb1-5e_synthetic_test-synthetic.py'
load_from = '{{ fileDirname }}/../../demo/motrv2_tiny_synthetic.pth'
lq_root = 'data/LQsynthetic/'
clips = _base_.train_dataloader.dataset
sources = [{**clips, 'data_root': lq_root}, clips]
train_dataloader = dict(
    batch_size=2,
    dataset=dict(
        _delete_=True, type='MixedClipDataset', datasets=sources, ratio=[2, 1], length=1200
    ),
)
val_dataloader = dict(dataset=dict(data_root=lq_root))
test_dataloader = val_dataloader
optim_wrapper = dict(optimizer=dict(lr=4e-4))
train_cfg = dict(max_epochs=1)
param_scheduler = [_base_.warmup, {**_base_.cosine, 'end': 1}]
