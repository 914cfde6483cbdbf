#!/usr/bin/env python3
"""The table of docs/scale.md: what a step of ResNet-50 on ImageNet moves between GPUs, and how much of its time that takes. Paper, not measurement."""
from math import ceil, log2

FLOPS, PICTURES, OVERLAP, ALPHA = 60e12, 256, 2 / 3, 10e-6  # sustained by a GPU; pictures of a GPU and step; share of a step that is backward pass; latency of a message


def resnet50(width):
    """Parameters and multiply-accumulates at 224 x 224 pixels, all channels times width."""
    at = lambda channels: int(channels * width)
    parameters = macs = 0

    def convolution(inputs, outputs, kernel, pixels):
        nonlocal parameters, macs
        parameters += inputs * outputs * kernel * kernel + 2 * outputs  # and the batch-norm behind it
        macs += inputs * outputs * kernel * kernel * pixels * pixels

    convolution(3, at(64), 7, 112)
    inputs, pixels = at(64), 56
    for stage, (planes, blocks) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)]):
        inner, outer = at(planes), at(planes * 4)
        for block in range(blocks):
            before = pixels
            if block == 0 and stage > 0:
                pixels //= 2
            convolution(inputs, inner, 1, before)
            convolution(inner, inner, 3, pixels)
            convolution(inner, outer, 1, pixels)
            if block == 0:
                convolution(inputs, outer, 1, pixels)
            inputs = outer
    parameters += inputs * 1000 + 1000
    macs += inputs * 1000
    return parameters, macs


def row(gpus, width, bandwidth):
    parameters, macs = resnet50(width)
    moved = 2 * (gpus - 1) / gpus * 4 * parameters
    compute = 3 * 2 * macs * PICTURES / FLOPS
    talk = moved / bandwidth + 2 * ceil(log2(gpus)) * ALPHA
    # What the backward pass hides, but for the last bucket: an eighth of the bytes.
    seen = max(talk / 8, talk - OVERLAP * compute)
    return moved, compute, talk, compute / (compute + seen)


for width in (1, 0.5):
    parameters, macs = resnet50(width)
    print(f"width {width}: {parameters:,} parameters, {macs / 1e9:.2f} GMACs, {4 * parameters / 1e6:.1f} MB of gradients")
print("| GPUs | network | MB sent a GPU and step | compute, ms | all-reduce at 12.5 GB/s, ms | efficiency | all-reduce at 1.25 GB/s, ms | efficiency |")
for gpus in (8, 64, 512):
    for name, width in (("dense", 1), ("half of the channels", 0.5)):
        moved, compute, fast, good = row(gpus, width, 12.5e9)
        _, _, slow, poor = row(gpus, width, 1.25e9)
        print(f"| {gpus} | {name} | {moved / 1e6:.0f} | {compute * 1e3:.0f} | {fast * 1e3:.1f} | {good:.1%} | {slow * 1e3:.0f} | {poor:.0%} |")
