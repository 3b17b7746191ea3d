# SportsMOT, with MOT17's flags; which ones gave LG-MOT's numbers is not known.
_base_ = './lg-mot_r50ibn_1xb8-200e_mot17_test-motval.py'
data_root = 'data/SportsMOT/'
train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = val_dataloader
