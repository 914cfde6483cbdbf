#!/usr/bin/env python3
"""Where the time of a 3x3 convolution of one small image goes, under PyTorch on one thread: median microseconds of 300 calls each.

usage: one_image.py     prints a table: the layers of ResNet-20 with half of the channels, then with all of them

matrix: the surroundings of each pixel as rows (strided view, copied) and one product; product: that alone; two images: what oneDNN computes.
Set MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=-1 for the allocator as the library tunes it.
"""
import statistics
import time

import torch
from torch.nn import functional as F

torch.set_grad_enabled(False)
torch.set_num_threads(1)


def microseconds(call, n=300):
    for _ in range(20):
        call()
    times = []
    for _ in range(n):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


print("| channels, size | convolution | channels last | two images | unfold and product | matrix and product | product |")
print("|---|---|---|---|---|---|---|")
for channels, size in ((8, 32), (16, 16), (32, 8), (16, 32), (32, 16), (64, 8)):
    image, weight, bias = torch.randn(1, channels, size, size), torch.randn(channels, channels, 3, 3), torch.randn(channels)
    two = torch.randn(2, channels, size, size)
    last, weight_last = image.to(memory_format=torch.channels_last), weight.to(memory_format=torch.channels_last)
    flat, column = weight.view(channels, -1).contiguous(), bias.view(channels, 1)

    def rows():
        padded, width = F.pad(image, (1, 1, 1, 1)), size + 2
        return padded.as_strided((channels, 3, 3, size, size), (width * width, width, 1, width, 1)).reshape(channels * 9, size * size)

    surroundings = rows()
    assert torch.allclose(torch.addmm(column, flat, surroundings).view(1, channels, size, size), F.conv2d(image, weight, bias, 1, 1), atol=1e-3)
    calls = (
        lambda: F.conv2d(image, weight, bias, 1, 1),
        lambda: F.conv2d(last, weight_last, bias, 1, 1),
        lambda: F.conv2d(two, weight, bias, 1, 1),
        lambda: torch.addmm(column, flat, F.unfold(image, 3, padding=1)[0]),
        lambda: torch.addmm(column, flat, rows()),
        lambda: torch.addmm(column, flat, surroundings),
    )
    print(f"| {channels}, {size}x{size} | {' | '.join(f'{microseconds(call):.0f}' for call in calls)} |")
