#!/usr/bin/env python3
"""Writes a classification network of torchvision with random weights as ONNX files.

usage: export.py --list                 names of the networks whose weights are below 300 MB, smallest first
       export.py NETWORK FOLDER [SIZE]  writes FOLDER/NETWORK.{folded,plain}.{fixed,dynamic}.onnx for images of
                                        SIZE x SIZE pixels; of networks above 16 MB only folded.fixed and plain.dynamic

Batch-norm statistics, scales and all biases are random: with their initial values (mean 0, variance 1, scale 1, bias 0)
an importer could lose them unseen. The statistics come from the activations: with others those of deep networks
vanish, and the outputs are the same for all images. "folded" is PyTorch's default export;
"plain" keeps batch-norms and constant expressions as nodes. Made with PyTorch 1.13 and torchvision 0.14 (Debian:
python3-torch, python3-torchvision).
"""
import sys
import warnings

import torch
import torchvision

LARGEST = 300_000_000
OPSET = 16


def names():
    sizes = {}
    for name in torchvision.models.list_models(module=torchvision.models):
        weights = torchvision.models.get_model_weights(name).DEFAULT
        sizes[name] = 4 * weights.meta["num_params"]
    return [n for n in sorted(sizes, key=sizes.get) if sizes[n] < LARGEST]


def randomize(model, size):
    generator = torch.Generator().manual_seed(1)
    uniform = lambda t, low, high: t.copy_(torch.rand(t.shape, generator=generator) * (high - low) + low)
    with torch.no_grad():
        for module in model.modules():
            weight = getattr(module, "weight", None)
            if isinstance(weight, torch.nn.Parameter) and weight.dim() == 1:
                uniform(weight, 0.6, 1.4)
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                uniform(parameter, -0.2, 0.2)
            elif name.endswith(("layer_scale", "pos_embedding", "class_token", "bias_table")):
                uniform(parameter, -0.5, 0.5)
            elif not parameter.any():  # the classifiers of vision transformers begin at zero
                uniform(parameter, -0.1, 0.1)
        model.eval()
        for module in model.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.register_forward_pre_hook(lambda norm, inputs: calibrate(norm, inputs[0], generator))
        # With few images the network would magnify whatever sets other images apart.
        coarse = torch.rand(32 if size <= 96 else 8, 3, 5, 5, generator=generator)
        model(torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear"))
        for module in model.modules():
            module._forward_pre_hooks.clear()


def calibrate(norm, x, generator):
    """Subtracts a part of the mean, and bounds small variances: rounding errors would grow from layer to layer."""
    noise = lambda low, high: torch.rand(norm.num_features, generator=generator) * (high - low) + low
    norm.running_mean.copy_(x.mean((0, 2, 3)) * noise(0.1, 0.5))
    square = (x - norm.running_mean[:, None, None]).square().mean((0, 2, 3))
    norm.running_var.copy_((square + 0.3 * square.mean()) * noise(0.6, 1.4))


def create(name, size):
    options = {"weights": None}
    if name.startswith("vit_"):
        options["image_size"] = size
    if name == "maxvit_t":
        options["input_size"] = (size, size)
    if name in ("googlenet", "inception_v3"):
        options.update(init_weights=False, aux_logits=True)
    torch.manual_seed(1)
    return torchvision.models.get_model(name, **options)


def export(name, folder, size):
    model = create(name, size)
    randomize(model, size)
    model.eval()
    image = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(2))
    large = sum(p.numel() for p in model.parameters()) > 4_000_000
    for folding in ("folded", "plain"):
        for batch in ("fixed", "dynamic"):
            if large and (folding, batch) not in (("folded", "fixed"), ("plain", "dynamic")):
                continue
            options = {"opset_version": OPSET, "input_names": ["input"], "output_names": ["output"]}
            if folding == "plain":
                options.update(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
            if batch == "dynamic":
                options["dynamic_axes"] = {"input": {0: "batch"}, "output": {0: "batch"}}
            torch.onnx.export(model, image, f"{folder}/{name}.{folding}.{batch}.onnx", **options)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    if sys.argv[1] == "--list":
        print("\n".join(names()))
    else:
        export(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 224)
