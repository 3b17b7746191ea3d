"""Deterministic weights: every state_dict entry is a function of (seed_prefix, key, shape).

    value = make(seed_prefix, key, shape)        # numpy float32 (int64 for num_batches_tracked)

No weights are stored with the fixtures; both sides regenerate them.
"""

import re
import zlib

import numpy as np

RULE_VERSION = 1
EMBEDDINGS = ('query_embed.weight', 'refine_embed.weight', 'transformer.level_embed')


def canonical_key(key):
    """The only aliasing in either model: decoder's view of the box heads."""
    return re.sub(r'^transformer\.decoder\.(bbox_embed|class_embed)\.', r'\1.', key)


# scores must straddle 0.5 in each fixture set (the common part of the logits is random per prefix)
CLASS_BIAS = {'public': 0.3, 'hidden': -4.5}

# VSE-MOT fusion part (top level modules of that model): sparse zero padded maps need larger gains
VSE_GAIN = {
    'linear1': 1.5,
    'linear2': 1.5,
    'linear3': 1.5,
    'linear4': 1.5,
    'linear5': 3.0,
    'conv1': 2.0,
    'conv2': 3.0,
    'conv6': 3.0,
    'aspp': 1.5,
}


def gain(key):
    """Residual branches are damped, else all queries collapse onto one vector after 6+6 layers."""
    if key.startswith(('transformer.', 'track_embed.')):
        if key.endswith('output_proj.weight'):  # deformable attention
            return 0.5
        if key.endswith('out_proj.weight'):  # nn.MultiheadAttention
            return 0.3
        if key.endswith('linear2.weight'):  # feed forward, second layer
            return 0.3
        if key == 'track_embed.linear_feat2.weight':  # track and parent query differ
            return 2.0
        return 1.0
    return VSE_GAIN.get(key.split('.')[0], 1.0)


def make(seed_prefix, key, shape):
    key = canonical_key(key)
    shape = tuple(int(s) for s in shape)
    if key.endswith('num_batches_tracked'):
        return np.zeros(shape, dtype=np.int64)
    rng = np.random.default_rng(zlib.crc32((seed_prefix + key).encode()))
    x = rng.standard_normal(shape)  # float64 draws, C order
    if key.endswith('running_var'):
        y = 1.0 + 0.1 * np.abs(x)
    elif key.endswith('running_mean'):
        y = 0.05 * x
    elif 'sampling_offsets.bias' in key:
        y = 1.0 * x
    elif 'sampling_offsets.weight' in key:
        y = 0.02 * x
    elif 'class_embed' in key and key.endswith('bias'):
        y = CLASS_BIAS.get(seed_prefix, -1.0) + 0.3 * x
    elif 'class_embed' in key and key.endswith('weight'):
        y = 4.0 * x / np.sqrt(np.prod(shape[1:]))
    elif key == 'position.weight':
        y = 1.0 / (1.0 + np.exp(-x))
    elif key == 'yolox_embed.weight':
        y = 0.25 * x
    elif key in EMBEDDINGS:
        y = 0.5 * x
    elif key.endswith('shared_MLP.0.weight'):  # VSE-MOT: 1 hidden unit, keep its ReLU alive
        y = np.abs(x) / np.sqrt(np.prod(shape[1:]))
    elif len(shape) == 1 and key.endswith('weight'):  # normalisation layers
        y = 1.0 + 0.05 * x
    elif len(shape) == 1:  # biases
        y = 0.05 * x
    else:
        y = gain(key) * x / np.sqrt(np.prod(shape[1:]))  # fan_in = prod(shape[1:])
    return np.asarray(y, dtype=np.float32)  # single cast at the end
