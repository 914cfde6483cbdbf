#!/usr/bin/env python3
"""Training throughput of PyTorch: the baseline of throughput.sh.

ResNet-20 for CIFAR (1x1 shortcuts, 272,474 parameters), or a network of torchvision for ten classes, SGD with Nesterov momentum, random crop and
mirror image as tensor operations on the batch, float32 on the CPU. The clock covers what ours covers: picking the batch, augmentation, forward, backward, step.
The images are random bytes, since their content has no influence on the speed.
"""
import argparse
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or before != width:
            self.downsample = nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        y += x if self.downsample is None else self.downsample(x)
        return F.relu(y, inplace=True)


class ResNet20(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, before = [], 16
        for stage, width in enumerate((16, 32, 64)):
            for block in range(3):
                blocks.append(Block(before, width, 2 if stage > 0 and block == 0 else 1))
                before = width
        self.layers = nn.Sequential(*blocks)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = self.layers(F.relu(self.bn1(self.conv1(x)), inplace=True))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def augment(batch, mean, scale, padding=4):
    """uint8 [N,3,H,W] -> float32 of the same shape: crop, mirror and normalize all images at once."""
    n, channels, height, width = batch.shape
    flip = torch.randint(0, 2, (n, 1, 1))
    columns = torch.arange(width).view(1, 1, -1)
    columns = columns + flip * (width - 1 - 2 * columns) + torch.randint(0, 2 * padding + 1, (n, 1, 1))
    rows = torch.arange(height).view(1, -1, 1) + torch.randint(0, 2 * padding + 1, (n, 1, 1))
    pixels = (rows * (width + 2 * padding) + columns).view(n, 1, -1).expand(n, channels, -1)
    padded = F.pad(batch, (padding,) * 4).view(n, channels, -1)
    return padded.gather(2, pixels).view_as(batch).float().sub_(mean).mul_(scale)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--network", default="resnet20", help="resnet20, or torchvision's name of another")
    options.add_argument("--size", type=int, default=32, help="height and width of the images")
    options.add_argument("--batch", type=int, default=128)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--warm-up", type=int, default=10, help="steps that are not timed")
    options.add_argument("--windows", type=int, default=5, help="windows to time")
    options.add_argument("--steps", type=int, default=20, help="steps a window")
    options.add_argument("--tuned", action="store_true", help="channels-last memory format; the allocator is told by MALLOC_ variables (throughput.sh)")
    options = options.parse_args()

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    if options.network == "resnet20":
        model = ResNet20()
        assert sum(p.numel() for p in model.parameters()) == 272_474
    else:
        import torchvision
        model = getattr(torchvision.models, options.network)(num_classes=10)
    if options.tuned:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=5e-4)
    count = options.batch * (options.warm_up + options.windows * options.steps + 1)
    images = torch.randint(0, 256, (count, 3, options.size, options.size), dtype=torch.uint8)
    labels = torch.randint(0, 10, (count,))
    mean, scale = torch.full((1, 3, 1, 1), 127.5), torch.full((1, 3, 1, 1), 1 / 64)
    order = torch.randperm(len(images))

    def step(number):
        start = number * options.batch % (len(images) - options.batch)
        rows = order[start:start + options.batch]
        inputs = augment(images.index_select(0, rows), mean, scale)
        if options.tuned:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        loss = F.cross_entropy(model(inputs), labels.index_select(0, rows))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss

    model.train()
    number = 0
    for _ in range(options.warm_up):
        step(number)
        number += 1
    speeds = []
    for _ in range(options.windows):
        start = time.perf_counter()
        for _ in range(options.steps):
            step(number)
            number += 1
        speeds.append(options.batch * options.steps / (time.perf_counter() - start))
    print(f"torch {torch.__version__}, {options.threads} threads, {'channels-last' if options.tuned else 'NCHW'}:"
          f" {len(speeds)} windows of {options.steps} steps, {min(speeds):.0f} to {max(speeds):.0f} images/s; median:")
    print(f"{statistics.median(speeds):.1f}")


if __name__ == "__main__":
    main()
