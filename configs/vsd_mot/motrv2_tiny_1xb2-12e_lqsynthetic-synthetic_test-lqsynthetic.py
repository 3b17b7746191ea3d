# Table V on a laptop, first rung: the baseline on low-quality and undegraded videos 2:1.
#     python tools/dataset_converters/make_synthetic.py data/synthetic
#     python tools/dataset_converters/make_lq.py data/synthetic data/LQsynthetic \
#         --recipe lqdancetrack
#     python tools/dataset_converters/mot2coco.py data/LQsynthetic
# and proposals of both by the tiny YOLOX (configs/detector). For the undegraded videos:
#     --cfg-options test_dataloader.dataset.data_root=data/synthetic/
_base_ = '../motrv2/motrv2_tiny_1xb2-12e_synthetic_test-synthetic.py'
lq_root = 'data/LQsynthetic/'
clips = _base_.train_dataloader.dataset
sources = [{**clips, 'data_root': lq_root}, clips]
train_dataloader = dict(
    dataset=dict(_delete_=True, type='MixedClipDataset', datasets=sources, ratio=[2, 1])
)
val_dataloader = dict(dataset=dict(data_root=lq_root))
test_dataloader = val_dataloader
