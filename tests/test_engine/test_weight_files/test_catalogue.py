import re
from dataclasses import replace

import pytest
import yaml

from command_runs import REPOSITORY
from vsd_mot.commands.convert_weights import LAYOUTS
from vsd_mot.engine.weight_files.catalogue import CATALOGUE, catalogue, published
from vsd_mot.engine.weight_files.hub import SCHEME, parse_address
from vsd_mot.errors import DataFileError, DownloadError
from vsd_mot.fileio import safe_name

TABLE = catalogue()


def test_all_families_are_there():
    uses = ' '.join(entry.use for entry in TABLE.values())
    pages = ' '.join(entry.page for entry in TABLE.values())
    for word in ('MOTRv2', 'VSE-MOT', 'Deformable DETR', 'InternImage', 'HQTrack', 'LG-MOT'):
        assert word in uses
    for word in ('openai/CLIP', 'mmdetection', 'sam-hq', 'fast-reid'):
        assert word in pages
    assert {name for name in TABLE if name.startswith('yolox')}
    # Every layout that can be converted, but the one without a file of its own.
    assert {entry.layout for entry in TABLE.values()} - {None} == set(LAYOUTS) - {
        'lg_mot_without_prompts'
    }


@pytest.mark.parametrize('entry', TABLE.values(), ids=TABLE)
def test_entries_are_facts(entry):
    assert re.fullmatch(r'[a-z0-9-]+', entry.name)
    assert safe_name(entry.file) == entry.file
    assert entry.file.endswith(('.pth', '.pt', '.safetensors'))
    assert entry.page.startswith('https://github.com/')
    assert entry.sha256 is None or re.fullmatch(r'[0-9a-f]{8}|[0-9a-f]{64}', entry.sha256)
    assert entry.size is None or entry.size > 1_000_000
    assert entry.licence in (None, 'MIT', 'Apache-2.0')
    if entry.address is None:
        assert 'https://' in entry.by_hand
    elif entry.address.startswith(SCHEME):
        assert parse_address(entry.address).name == entry.file
    else:
        assert entry.address.startswith('https://')
        assert entry.address.endswith(f'/{entry.file}')
    if 'openmmlab' in (entry.address or ''):
        assert entry.file.endswith(f'-{entry.sha256}.pth')
    if 'openaipublic' in (entry.address or ''):
        assert entry.sha256 in entry.address


def test_names_of_files_are_unique():
    files = [entry.file for entry in TABLE.values()]
    assert len(set(files)) == len(files)


def test_every_address_of_our_configs_is_in_the_table():
    addresses = {entry.address for entry in TABLE.values()}
    for path in (REPOSITORY / 'configs').rglob('metafile.yml'):
        models = yaml.safe_load(path.read_text())['Models']
        assert {model['Weights'] for model in models if 'Weights' in model} <= addresses
    for path in (REPOSITORY / 'configs').rglob('*.py'):
        files = re.findall(r"([\w.-]+-[0-9a-f]{8}\.pth)'", path.read_text())
        assert set(files) <= {entry.file for entry in TABLE.values()}, path


def test_a_name_that_is_not_there():
    assert published('clip-rn50').file == 'RN50.pt'
    with pytest.raises(DownloadError, match='did you mean clip-rn50'):
        published('clip-rn5')
    with pytest.raises(DownloadError, match='`weights list` has all'):
        published('xyzzy')


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(size='7'), "size of a is no int: '7'"),
        (dict(use=None), 'use of a is no str: None'),
        (dict(sha256=12345678), 'sha256 of a is no str'),
        (dict(by_hand='ask'), 'one of address and by_hand'),
        (dict(address=None), 'one of address and by_hand'),
        (dict(other='x'), 'a must have address, by_hand, facts'),
    ],
)
def test_a_wrong_table_is_refused(tmp_path, change, message):
    entry = vars(replace(published('clip-rn50'))) | change
    del entry['name']
    path = tmp_path / 'table.yml'
    path.write_text(yaml.safe_dump({'a': entry}))
    with pytest.raises(DataFileError, match=message):
        catalogue(path)


def test_the_table_is_read_as_it_stands():
    assert len(yaml.safe_load(CATALOGUE.read_text())) == len(TABLE)
