"""The same ResNet-20, data and optimiser in PyTorch. usage: train.py STEPS THREADS"""
import ctypes, statistics, sys, time
libc = ctypes.CDLL("libc.so.6")
for parameter, value in ((-3, 1 << 30), (-1, 2**31 - 1), (-2, 64 << 20)):
    libc.mallopt(parameter, value)
import torch
from torch import nn
from torch.nn import functional as F

steps, threads, batch = int(sys.argv[1]), int(sys.argv[2]), 128
torch.set_num_threads(threads)
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)) if stride != 1 else None

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu_()))
        return y.add_(x if self.shortcut is None else self.shortcut(x)).relu_()


layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)], 16
for width in (16, 32, 64):
    for _ in range(3):
        layers.append(Block(channels, width, 2 if width != channels else 1))
        channels = width
network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)).to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9, weight_decay=5e-4, foreach=False)
pictures = torch.randn(batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
labels = torch.randint(10, (batch,))
times = []
for i in range(steps + 3):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=False)
    loss = F.cross_entropy(network(pictures), labels)
    loss.backward()
    optimizer.step()
    value = loss.item()
    if i >= 3:
        times.append(time.perf_counter() - start)
step = statistics.median(times)
print(f"PyTorch {torch.__version__}: {batch / step:.0f} images/s (median step {step * 1000:.1f} ms, n = {steps}, {threads} threads, loss {value:.4f})")
