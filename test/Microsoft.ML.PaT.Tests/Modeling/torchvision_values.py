#!/usr/bin/env python3
"""What torchvision's ConvNeXt and vision transformer compute: the numbers in TorchvisionValuesTests.cs.

Small sizes, because the build of the networks is what is checked: two stages with a step between them, two heads, two blocks. Weights and
images are sines of squares (those of multiples would make matrices of rank 2), so that both sides have them without a file. Run with torchvision 0.14 or later:
    python3 torchvision_values.py
"""
import torch
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.vision_transformer import VisionTransformer


def sines(shape, step, start):
    count = 1
    for size in shape:
        count *= size
    return torch.sin(torch.arange(count, dtype=torch.float64).square() * step + start).view(shape)


def logits(network, shape):
    network.double().eval()
    state = network.state_dict()
    for number, name in enumerate(sorted(state)):
        state[name].copy_(sines(state[name].shape, 0.7, number) * 0.5)
    images = sines((2, *shape), 0.3, 0.0).requires_grad_()
    output = network(images)
    (output * sines(output.shape, 1.0, 0.0)).sum().backward()
    squares = sum(float(parameter.grad.square().sum()) for parameter in network.parameters())
    return output.flatten().tolist(), squares ** 0.5


def main():
    networks = {
        "convnext": (ConvNeXt([CNBlockConfig(8, 12, 2), CNBlockConfig(12, None, 1)], num_classes=3), (3, 24, 16)),
        "vit": (VisionTransformer(image_size=12, patch_size=4, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=32, num_classes=3), (3, 12, 12)),
    }
    for name, (network, shape) in networks.items():
        values, norm = logits(network, shape)
        print(name, ", ".join(f"{value:.12g}" for value in values), f"gradient {norm:.12g}")


main()
