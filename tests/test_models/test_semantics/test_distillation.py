"""The teacher beside the model, the total loss, the measure of collapse."""

import pytest
import torch
from mmtrack.registry import MODELS

from vsd_mot.models.frames import TeacherView
from vsd_mot.models.semantics.distillation import student_spread
from vsd_samples import contents, describe_one, frame_batch, noise_frame, vsd_branch, vsd_config


def test_the_teacher_belongs_to_training_alone():
    branch = vsd_branch()
    before = {name for name, _ in branch.named_parameters()}
    describe_one(branch)
    teacher = branch.distillation.teacher()
    assert teacher.seen == 1
    assert {name for name, _ in branch.named_parameters()} == before
    assert not any('teacher.' in name or name == 'layers.0.weight' for name in branch.state_dict())
    assert teacher not in list(branch.modules())
    # in eval mode nothing is taught, and nothing is built
    quiet = vsd_branch().eval()
    assert describe_one(quiet).teacher is None
    assert quiet(contents(4), describe_one(quiet)).distill_losses == {}
    assert not quiet.distillation._teacher


def test_the_teacher_stays_in_eval_mode_and_takes_no_gradient():
    branch = vsd_branch()
    teacher = branch.distillation.teacher()
    statistics = teacher.layers[1].running_mean.clone()
    branch.train()
    teacher.train()
    output = branch(contents(6).requires_grad_(), describe_one(branch))
    losses = branch.total_loss({}, [output.distill_losses])
    losses['loss_distill'].backward()
    assert not teacher.training
    assert not any(module.training for module in teacher.modules())
    torch.testing.assert_close(teacher.layers[1].running_mean, statistics)
    assert all(parameter.grad is None for parameter in teacher.parameters())


def test_the_total_loss_is_eq_15():
    branch = vsd_branch()
    outputs = [
        branch(contents(5, seed=seed), describe_one(branch, seed)).distill_losses
        for seed in range(3)
    ]
    mot = dict(loss_cls=torch.tensor(2.0), loss_bbox=torch.tensor(1.0), num_objects=torch.ones(()))
    total = branch.total_loss(mot, outputs)
    mean = sum(output['loss_distill'] for output in outputs) / 3
    torch.testing.assert_close(total['loss_distill'], 0.4 * mean)
    assert total['loss_cls'].item() == pytest.approx(1.2)
    assert total['loss_bbox'].item() == pytest.approx(0.6)
    assert total['num_objects'] == 1
    summed = {name for name in total if 'loss' in name}
    assert summed == {'loss_cls', 'loss_bbox', 'loss_distill'}


def test_alpha_zero_trains_the_tracker_alone():
    config = vsd_config()['distillation']
    branch = vsd_branch(distillation={**config, 'alpha': 0.0, 'teacher': dict(type='NoSuchThing')})
    description = describe_one(branch)
    output = branch(contents(5), description)
    assert description.teacher is None
    mot = dict(loss_cls=output.contents.square().mean())
    total = branch.total_loss(mot, [output.distill_losses])
    assert total.keys() == mot.keys()
    torch.testing.assert_close(total['loss_cls'], mot['loss_cls'])
    total['loss_cls'].backward()
    assert all(p.grad is None for p in branch.distillation.parameters())
    assert not any(p.requires_grad for p in branch.distillation.parameters())


def test_without_distillation_the_losses_are_the_trackers():
    branch = vsd_branch(distillation=None)
    mot = dict(loss_cls=torch.tensor(2.0))
    assert branch.total_loss(mot, []) is mot


def test_a_collapsed_student_trips_the_measure(monkeypatch):
    from vsd_mot.models.semantics import distillation

    said = []
    monkeypatch.setattr(distillation, 'print_log', lambda text, **_: said.append(text))
    branch = vsd_branch()
    teacher = describe_one(branch).teacher

    def spread(outputs: list) -> float:
        distilled = [branch.distillation(output, teacher) for output in outputs]
        return branch.total_loss({}, distilled)['student_spread'].item()

    healthy = [branch.source(contents(20, seed=seed), None) for seed in range(3)]
    assert spread(healthy) > 0.5
    assert not said
    # all one vector; all but nothing; one vector for each frame is still some spread
    one = healthy[0][:1]
    assert spread([one.expand(20, -1)] * 3) < 1e-6
    assert 'collapsed' in said[0]
    assert spread([1e-3 * output for output in healthy]) < 0.05
    assert spread([output[:1].expand(20, -1) for output in healthy]) > 0.5
    assert len(said) == 1


def test_a_student_that_learns_to_collapse_is_noticed():
    """Distilled alone, with a projection that may follow, it does fall to one vector."""
    student = torch.nn.Parameter(torch.randn(30, 32))
    loss = MODELS.build(dict(type='CLIPDistillLoss', embed_dims=32, teacher_dims=24))
    optimizer = torch.optim.Adam([student, *loss.parameters()], lr=0.05)
    teacher = torch.randn(1, 24)
    begin = student_spread(student.detach())
    for _ in range(300):
        optimizer.zero_grad()
        loss(student, teacher)['loss_distill'].backward()
        optimizer.step()
    assert begin > 0.5
    assert student_spread(student.detach()) < 0.05


def test_the_teacher_sees_the_view_it_is_given_or_the_unpadded_frame():
    branch = vsd_branch()
    frame, view = noise_frame(0), noise_frame(1, 30, 30)
    teacher = branch.distillation.teacher()
    shown = branch.describe(frame_batch(frame, teacher=[TeacherView(view)]))[0].teacher
    torch.testing.assert_close(shown, teacher([view])[0])
    seen = branch.describe(frame_batch(frame, padding=16))[0].teacher
    torch.testing.assert_close(seen, teacher([frame])[0])
