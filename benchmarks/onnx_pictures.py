"""Decodes labelled pictures for onnx.mjs: onnx_pictures.py DIR OUT, DIR with one folder a class.

Writes OUT.bytes, [n,3,H,W] planar RGB, and OUT.json, {"shape": [3, H, W], "labels": [...]}: positions of the classes in alphabetical order.
"""
import json
import pathlib
import sys

import numpy
from PIL import Image

folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
classes = sorted(f.name for f in folder.iterdir() if f.is_dir())
labels, shape = [], None
with open(out + ".bytes", "wb") as pixels:
    for label, name in enumerate(classes):
        for file in sorted((folder / name).iterdir()):
            picture = numpy.asarray(Image.open(file).convert("RGB")).transpose(2, 0, 1)
            shape = picture.shape
            pixels.write(picture.tobytes())
            labels.append(label)
with open(out + ".json", "w") as description:
    json.dump({"shape": list(shape), "labels": labels}, description)
