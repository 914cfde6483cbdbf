#!/usr/bin/env python3
"""Seconds that Torch-Pruning takes for what run.sh measures: groups from the graph, half of the channels by global
magnitude, widths in steps of 8.

usage: torch_pruning_cut.py [N] [THREADS]    default: 7 rounds per network, 1 thread
Needs torch, torchvision and torch_pruning (PYTHONPATH may name its folder). Prints a line per network: median, slowest,
and the medians of the two parts.
"""
import statistics
import sys
import time

import torch
import torch_pruning
import torchvision

n = int(sys.argv[1]) if len(sys.argv) > 1 else 7
torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
print(
    f"# torch {torch.__version__}, torchvision {torchvision.__version__}, torch_pruning {torch_pruning.__version__}, "
    f"{torch.get_num_threads()} threads, n = {n}"
)
print("network,seconds,slowest,graph,prune")


def cut(name):
    """Prunes a new network: seconds to find the groups, seconds to remove the channels."""
    torch.manual_seed(1)
    network = torchvision.models.get_model(name).eval()
    example = torch.randn(1, 3, 224, 224)
    classifier = [m for m in network.modules() if isinstance(m, torch.nn.Linear)][-1]
    started = time.perf_counter()
    pruner = torch_pruning.pruner.MagnitudePruner(
        network,
        example,
        importance=torch_pruning.importance.GroupMagnitudeImportance(p=2),
        global_pruning=True,
        pruning_ratio=0.5,
        round_to=8,
        ignored_layers=[classifier],
    )
    graph = time.perf_counter()
    pruner.step()
    return graph - started, time.perf_counter() - graph


for name in ["resnet50", "resnet152", "densenet121", "mobilenet_v2", "vgg16_bn", "efficientnet_b0"]:
    try:
        cut(name)  # the first imports and compiles
        runs = [cut(name) for _ in range(n)]
    except Exception as error:  # a failure is a result, too
        print(f"{name},failed: {type(error).__name__}: {error}".replace("\n", " "))
        continue
    whole = [sum(run) for run in runs]
    graph, prune = (statistics.median(run[part] for run in runs) for part in (0, 1))
    print(f"{name},{statistics.median(whole):.3f},{max(whole):.3f},{graph:.4f},{prune:.4f}", flush=True)
