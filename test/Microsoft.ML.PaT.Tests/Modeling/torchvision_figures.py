"""Prints what ZooTests holds the zoo against, for each name given: trainable parameters, multiply-accumulates of convolutions and linear
layers on one image of 3x224x224, and a digest of the sorted names and shapes of all tensors (counters of batches left out).

    python3 torchvision_figures.py resnet18 densenet121 ...       needs torch and torchvision (0.14 was used)
"""
import hashlib
import sys

import torch
import torchvision


def figures(name):
    options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    network = getattr(torchvision.models, name)(weights=None, **options).eval()
    macs = 0

    def count(module, _, output):
        nonlocal macs
        weight = module.weight
        pixels = output.shape[2] * output.shape[3] if output.dim() == 4 else output.numel() // output.shape[-1]
        macs += weight.numel() * pixels

    for module in network.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            module.register_forward_hook(count)
    with torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    lines = sorted(f"{key} {'x'.join(map(str, value.shape))}" for key, value in network.state_dict().items() if value.dim() > 0)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return sum(p.numel() for p in network.parameters()), macs, digest


for name in sys.argv[1:]:
    parameters, macs, digest = figures(name)
    print(f'[TestCase("{name}", {parameters:_}, {macs:_}, "{digest}")]')
