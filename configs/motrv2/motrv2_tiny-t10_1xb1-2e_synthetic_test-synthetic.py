# The tiny MOTRv2 goes on with clips of 10 frames, in which people walk behind each other and come
# out again: two more epochs, on one core.
_base_ = './motrv2_tiny_2xb1-5e_synthetic_test-synthetic.py'
load_from = '{{ fileDirname }}/../../demo/motrv2_tiny_synthetic.pth'
model = dict(
    propagation=dict(random_drop=0.1),
    # Chosen on further sequences (README), as the miss tolerance before.
    lifecycle=dict(birth_threshold=0.4, keep_threshold=0.4, report_threshold=0.4),
)
train_dataloader = dict(dataset=dict(clip_length=10))
optim_wrapper = dict(optimizer=dict(lr=5e-4))
train_cfg = dict(max_epochs=2)
param_scheduler = [_base_.warmup, {**_base_.cosine, 'end': 2}]
