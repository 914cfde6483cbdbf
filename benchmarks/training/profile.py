#!/usr/bin/env python3
"""Groups the samples of `perf report -n --sort dso,symbol` by what computes them.

usage: profile.py < REPORT      prints a line per group: percent, group
Machine code without a symbol is what oneDNN generates; methods of .NET have names through the runtime's perf map.
"""
import re
import sys

GROUPS = [
    ("convolutions and linear layers (oneDNN)", r"dnnl|mkldnn|gemm|\[JIT\].*0x[0-9a-f]{8}"),
    ("batch-norms, additions and activations (C#)", r"Norm(Loops|Work|Kernel)|FusedNorm|Lanes\d|KernelThreads"),
    ("pooling, loss, optimizer, augmentation (libtorch)", r"libtorch|libc10|LibTorchSharp"),
    (".NET runtime", r"libcoreclr|libclrjit|System\.|TorchSharp|Microsoft\.ML\.PaT|\[JIT\]"),
]

samples = dict.fromkeys([name for name, _ in GROUPS] + ["kernel and libc"], 0)
for line in sys.stdin:
    match = re.match(r"\s*[\d.]+%\s+(\d+)\s+(.*)", line)
    if not match:
        continue
    group = next((name for name, pattern in GROUPS if re.search(pattern, match[2])), "kernel and libc")
    samples[group] += int(match[1])
for name, count in sorted(samples.items(), key=lambda item: -item[1]):
    print(f"{100 * count / sum(samples.values()):5.1f}  {name}")
