# The same, counting seconds: what the lifecycle and the motion count in frames of 10 a second holds
# at any frame rate, and in gaps. For cameras that record slowly, or lose frames.
_base_ = ['./vsd-mot-hybrid_tiny_test-lqsynthetic.py']
model = dict(clock=dict(unit='seconds', rate=10))
