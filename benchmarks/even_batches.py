"""Shows the fault behind docs/decisions/even-batches.md: for each number of threads and batch, 14 steps of a CIFAR ResNet-20 of a given width,
channels-last, in a process of its own; prints which of them die. Usage: python3 benchmarks/even_batches.py [WIDTH]"""
import subprocess
import sys

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential() if inputs == outputs else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


def resnet20(width):
    layers, inputs = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()], width
    for stage in range(3):
        for block in range(3):
            layers.append(Block(inputs, width << stage, 2 if stage and not block else 1))
            inputs = width << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def train(threads, batch, width):
    torch.set_num_threads(threads)
    network = resnet20(width).to(memory_format=torch.channels_last)
    for _ in range(14):
        images = torch.randn(batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
        F.cross_entropy(network(images), torch.randint(0, 10, (batch,))).backward()


if len(sys.argv) == 4:
    train(*map(int, sys.argv[1:]))
else:
    width = sys.argv[1] if len(sys.argv) > 1 else "8"
    for threads in (1, 2, 3, 4):
        for batch in (1, 5, 7, 8, 33, 64, 100, 125, 126, 127, 128):
            code = subprocess.run([sys.executable, __file__, str(threads), str(batch), width], stderr=subprocess.DEVNULL).returncode
            print(f"threads {threads}, batch {batch:3}, remainder {batch % threads}: {'fine' if code == 0 else f'died ({code})'}", flush=True)
