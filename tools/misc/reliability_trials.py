"""Run the bad inputs of a case folder through the commands and count what becomes of them.

python tools/misc/reliability_trials.py ../shared/cases            # all rows
python tools/misc/reliability_trials.py ../shared/cases --only 09 V04

Each trial is one process, forked after the libraries are imported, on a copy of the inputs. A row
of `TRIALS` says what should come out; the next kind of input is a further row.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / 'projects'))

LIMIT_SECONDS = 120
MOTR = ['configs/motrv2/motrv2_tiny_2xb1-5e_synthetic_test-synthetic.py',
        'demo/motrv2_tiny_synthetic.pth']  # fmt: skip
VSD = ['configs/vsd_mot/vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
       'demo/vsd-mot_tiny_synthetic.pth']  # fmt: skip
DETECTOR = ['configs/detector/yolox_tiny_1xb8-8e_lqsynthetic-synthetic_test-lqsynthetic.py',
            'demo/yolox_tiny_synthetic.pth']  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One command on one input.

    Args:
        name: Of the trial, as in the case folder's tables where that has one.
        folder: Inputs, relative to the case folder; the command runs in a copy of it.
        command: Module of `vsd_mot.commands`.
        arguments: Its command line, relative to the copy; {repo} is the repository.
        outcome: 'refused' (an error), 'read' (no error), 'said' (either, with `words`).
        words: What must stand in the output.
    """

    name: str
    folder: str
    command: str
    arguments: tuple[str, ...]
    outcome: str
    words: str = ''


def demo(name: str, source: str, outcome: str, *more: str, words: str = '', **where) -> Trial:
    """Return a trial of tracking, without an annotated video."""
    config, weights = where.get('model', [f'{{repo}}/{part}' for part in MOTR])
    arguments = (source, config, weights, '--out', 'out', '--no-video', '--device', 'cpu', *more)
    return Trial(name, where.get('folder', 'reliability'), 'track', arguments, outcome, words)


def plain(name: str, command: str, line: str, outcome: str, words: str = '', folder='reliability'):
    """Return a trial of another command, its line split at blanks."""
    return Trial(name, folder, command, tuple(line.split()), outcome, words)


def trials() -> list[Trial]:
    """Return all rows."""
    vsd = [f'{{repo}}/{part}' for part in VSD]
    good = f'{{repo}}/{MOTR[0]}', f'{{repo}}/{MOTR[1]}'
    test = ' '.join(
        [*good, '--device cpu --work-dir work --cfg-options test_dataloader.num_workers=0',
         'test_dataloader.persistent_workers=False test_dataloader.dataset.proposal_file=None']
    )  # fmt: skip
    rows = [
        # Public reports.
        demo('01 tum', 'tum', 'said', folder='01-timestamp-names', words='natural order'),
        demo('01 clock', 'clock', 'said', folder='01-timestamp-names', words='natural order'),
        plain('02 ns', 'convert_mot', 'ns -o ann', 'read', folder='02-nanosecond-names'),
        plain('02 ms', 'evaluate', 'ms ms.txt', 'read', '100.0', '02-nanosecond-names'),
        plain('03 mot', 'convert_mot', 'data', 'read', folder='03-exif-orientation'),
        plain('03 lq', 'degrade', 'data lq --workers 1', 'read', 'verified', '03-exif-orientation'),
        plain('03 ch', 'convert_crowdhuman', 'ch --subsets train', 'read', '1 people',
              '03-exif-orientation'),
        *(plain(f'04 {form}', 'degrade', f'{form} lq --workers 1', 'read', 'verified',
                '04-make-lq-sizes') for form in ('png', 'webp', 'bmp', 'tif', 'jpg')),
        plain('05 mot', 'convert_mot', 'data', 'read', folder='05-utf8-bom'),
        plain('05 evaluate', 'evaluate', 'data res', 'read', folder='05-utf8-bom'),
        plain('05 ch', 'convert_crowdhuman', 'ch --subsets train', 'read', folder='05-utf8-bom'),
        demo('05 demo', 'data/S1', 'read', '--proposals', 'data/S1/det/det.txt',
             folder='05-utf8-bom'),
        plain('06 mot', 'convert_mot', 'data -o ann', 'said', 'VisDrone', '06-visdrone-columns'),
        plain('06 evaluate', 'evaluate', 'data/uav0000001 uav0000001.txt', 'refused', 'VisDrone',
              '06-visdrone-columns'),
        plain('06 from 0', 'evaluate', 'zero_based/S1 S1.txt', 'refused', 'classes',
              '06-visdrone-columns'),
        plain('07 mot', 'convert_mot', 'data -o ann', 'read', folder='07-cvat-labels'),
        plain('07 evaluate', 'evaluate', 'data/task_7 task_7.txt', 'read', '100.0',
              '07-cvat-labels'),
        *(demo(f'09 {form}', f'cut.{form}', 'refused', folder='09-truncated-video', words='cut off')
          for form in ('mp4', 'mkv', 'avi')),
        demo('11', 'lot_$3_to_$5_^.mp4', 'read', folder='11-dollar-name', model=vsd),
        plain('12', 'evaluate', 'gt res', 'read', '100.0', '12-mot20-class6'),
        plain('14', 'evaluate', 'gt res', 'read', '100.0', '14-large-ids'),
        plain('14 hash', 'evaluate', 'hash/S1 hash/res/S1.txt', 'read', '100.0', '14-large-ids'),
        plain('15', 'evaluate', 'gt res', 'read', folder='15-empty-gt'),
        demo('17 minus', 'S1', 'refused', '--proposals', 'minus1.txt', folder='17-det-scores'),
        demo('17 logit', 'S1', 'refused', '--proposals', 'logit.txt', folder='17-det-scores'),
        demo('17 size 0', 'S1', 'refused', '--proposals', 'zero_size.txt', folder='17-det-scores'),
        demo('19', 'sar.mp4', 'read', folder='19-sample-aspect'),
        demo('21', 'thermal', 'said', folder='21-thermal-16bit', model=vsd, words='stretched'),
        # Images and videos.
        *(demo(name, name, 'refused') for name in
          ('all_bad', 'badini', 'audio.mp4', 'html.mp4', 'zero.mp4')),
        *(demo(name, name, 'said', words='could not be read') for name in
          ('html_jpg', 'jpg_bitflips', 'jpg_truncated', 'jpg_zero', 'jpg_zeroed_middle', 'png_bomb',
           'damaged.mp4')),
        *(demo(name, name, 'read') for name in ('gray_rgba', 'png_named_jpg', 'tiny', 'ok.mp4')),
        demo('mixed_sizes', 'mixed_sizes', 'said', words='were resized to it'),
        demo('ext_aspect', 'ext_aspect', 'said', words='is a line'),
        demo('truncated.mkv', 'truncated.mkv', 'refused', words='cut off'),
        # Detections and proposals.
        *(demo(f'{name}_det', 'ok.mp4', 'refused', '--proposals', f'{name}_det.txt') for name in
          ('P15', 'P17', 'P19', 'P21')),
        demo('BX0', 'ok.mp4', 'read', '--proposals', 'BX0_det.txt'),
        *(demo(f'{name}.proposals', 'ok.mp4', 'refused', '--proposals', f'{name}.proposals')
          for name in ('al', 'deep', 'flip', 'huge', 'nan', 'nf', 'ov', 'overlap', 'sl', 'trav',
                       'trunc', 'v2', 'zero')),
        *(plain(name, 'convert_proposals', f'from-det-db {name}.json x.proposals', 'refused')
          for name in ('D02', 'D04', 'D06', 'D10', 'D12', 'D14')),
        *(plain(name, 'convert_proposals', f'from-det-txt {name} x.proposals', 'refused')
          for name in ('det_nan',)),
        # Ground truth and results.
        *(plain(name, 'evaluate', f'{name}_gt/train {name}_res.txt', outcome) for name, outcome in
          (('E01', 'refused'), ('E03', 'refused'), ('E05', 'read'), ('E07', 'refused'),
           ('E09', 'read'))),
        *(plain(name, 'convert_mot', name, outcome, words) for name, outcome, words in
          (('gt_bin', 'refused', ''), ('gt_cls', 'said', 'class'), ('gt_dup', 'said', 'id of an'),
           ('gt_empty', 'read', ''), ('gt_huge', 'refused', ''), ('gt_inf', 'refused', ''),
           ('gt_nan', 'refused', ''), ('gt_neg', 'said', 'one pixel'), ('gt_text', 'refused', ''),
           ('ini_nan', 'said', 'seqinfo'), ('ini_traversal', 'refused', 'imDir'),
           ('pngbomb', 'refused', ''), ('jpg_html_set', 'refused', ''))),
        plain('jpg_cut_set', 'degrade', 'jpg_cut_set lq --workers 1', 'refused', '.jpg'),
        plain('inside', 'degrade', 'inside inside/lq --workers 1', 'refused', 'DST'),
        *(plain(name, 'convert_crowdhuman', f'{name} --subsets train', outcome) for name, outcome
          in (('ch_deep', 'refused'), ('ch_dup', 'refused'), ('ch_empty', 'refused'),
              ('ch_nul', 'refused'), ('ch_trav', 'refused'), ('ch_img', 'read'))),
        *(plain(name, 'convert_crowdhuman', f'{name} --subsets train', 'said', 'dropped')
          for name in ('ch_inf', 'ch_nan')),
        *(plain(name, 'test', f'{test} test_dataloader.dataset.ann_file={{here}}/{name}.json '
                'test_dataloader.dataset.data_root=', 'refused') for name in
          ('V01', 'V04', 'V05', 'V06', 'V07', 'V08')),
        # Configs, settings and checkpoints.
        *(demo(f'config {name}', 'ok.mp4', 'refused', model=(f'configs/{name}', good[1])) for name
          in ('bin.py', 'bomb.yaml', 'evil.yaml', 'exit.py', 'loop.py', 'nobase.py', 'raise.py',
              'syntax.py', 'x.txt')),
        plain('settings evil', 'degrade', 'gt_empty lq --settings evil.yaml', 'refused'),
        plain('settings bomb', 'degrade', 'gt_empty lq --settings configs/bomb.yaml', 'refused'),
        plain('settings nan', 'degrade', 'gt_empty lq --settings nan_settings.py', 'refused'),
        *(demo(f'weights {name}', 'ok.mp4', 'refused', model=(good[0], name)) for name in
          ('checkpoints/empty.pth', 'checkpoints/text.pth', 'checkpoints/trunc.pth',
           'payloads/bare_pickle.pth', 'payloads/pickled.pth', 'payloads/pickled_old_format.pth')),
    ]  # fmt: skip
    return rows


@contextmanager
def copied(inputs: Path) -> Iterator[Path]:
    """Give a copy of the inputs that may be written to."""
    with tempfile.TemporaryDirectory() as root:
        copy = Path(root) / inputs.name
        shutil.copytree(inputs, copy, symlinks=True, copy_function=shutil.copyfile)
        for path in [copy, *copy.rglob('*')]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        for path in copy.glob('lot.mp4'):  # of 11: kept under a plain name
            path.rename(copy / 'lot_$3_to_$5_^.mp4')
        yield copy


def run(trial: Trial, folder: Path, log: Path) -> tuple[str, str]:
    """Run a trial in a process of its own; returns the verdict and what was printed."""
    process = os.fork()
    if process == 0:
        with log.open('w') as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.chdir(folder)
        values = dict(repo=str(REPOSITORY), here=str(folder))
        arguments = [
            part.replace('{repo}', values['repo']).replace('{here}', values['here'])
            for part in trial.arguments
        ]
        status = 70
        try:
            main = importlib.import_module(f'vsd_mot.commands.{trial.command}').main
            status = main(arguments) or 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 2
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    deadline = time.monotonic() + LIMIT_SECONDS
    while (done := os.waitpid(process, os.WNOHANG))[0] == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    if done[0] == 0:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return 'hang', log.read_text(errors='replace')
    text = log.read_text(errors='replace')
    return judge(trial, os.waitstatus_to_exitcode(done[1]), text, folder), text


def judge(trial: Trial, status: int, text: str, folder: Path) -> str:
    """Say what became of a trial."""
    if any('PWNED' in path.name for path in folder.rglob('*')):
        return 'code executed'
    if 'Traceback (most recent call last)' in text or status < 0:
        return 'traceback'
    refused = status != 0
    if trial.outcome == 'read' and refused:
        return 'refused without need'
    if trial.outcome == 'refused' and not refused:
        return 'silent'
    if trial.words not in text:
        return 'error without place' if refused else 'silent'
    return 'right: refused or said' if trial.outcome != 'read' else 'right: read'


def main() -> int:
    """Run the trials and print a table; 0 when all came out right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('cases', type=Path)
    parser.add_argument('--only', nargs='+', default=[], help='trials whose names contain one')
    parser.add_argument('--verbose', action='store_true', help='print the output of each')
    options = parser.parse_args()
    import vsd_mot  # noqa: F401  before the forks

    counts: Counter[str] = Counter()
    chosen = [
        trial for trial in trials()
        if not options.only or any(part in trial.name for part in options.only)
    ]  # fmt: skip
    for trial in chosen:
        with copied(options.cases.resolve() / trial.folder) as folder:
            verdict, text = run(trial, folder, folder.with_name('log'))
        counts[verdict] += 1
        last = text.strip().splitlines()[-1:] or ['']
        print(f'{trial.name:24}{verdict:24}{last[0][:150]}', flush=True)
        if options.verbose:
            print(text)
    print('\n' + '\n'.join(f'{count:5} {verdict}' for verdict, count in counts.most_common()))
    return 0 if all(verdict.startswith('right') for verdict in counts) else 1


if __name__ == '__main__':
    raise SystemExit(main())
