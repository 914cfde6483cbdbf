"""Writes torchvision-weights.json: for each network that the library has too, the file of torchvision's default weights
and a digest of the names and shapes of its tensors. Nothing is downloaded.

Debian: apt-get install python3-torchvision; python3 torchvision_weights.py
"""
import hashlib
import json
import pathlib

import torchvision.models as models

# densenet and googlenet are published in layouts that torchvision rewrites while it loads them.
NETWORKS = """resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d wide_resnet50_2
vgg11_bn vgg13_bn vgg16_bn vgg19_bn mobilenet_v2 mobilenet_v3_large mobilenet_v3_small shufflenet_v2_x0_5
shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0 squeezenet1_0 squeezenet1_1 efficientnet_b0 convnext_tiny
vit_b_16""".split()

found = {}
for name in NETWORKS:
    weights = models.get_model_weights(name).DEFAULT
    transforms = weights.transforms()
    assert transforms.mean == [0.485, 0.456, 0.406] and transforms.std == [0.229, 0.224, 0.225], name
    tensors = models.get_model(name, weights=None).state_dict()
    lines = sorted(f"{key} {','.join(map(str, value.shape))}" for key, value in tensors.items()
                   if not key.endswith("num_batches_tracked"))
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    found[name] = {"file": weights.url.rsplit("/", 1)[1], "tensors": digest}
    assert weights.url == "https://download.pytorch.org/models/" + found[name]["file"], name

path = pathlib.Path(__file__).with_name("torchvision-weights.json")
path.write_text(json.dumps(found, indent=1) + "\n")
