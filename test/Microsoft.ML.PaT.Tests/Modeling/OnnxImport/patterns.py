#!/usr/bin/env python3
"""Writes the small ONNX files beside it: the patterns in which timm and Keras (tf2onnx) write classifiers, rebuilt by hand with random weights.

usage: patterns.py FOLDER      (Debian: python3-onnx, python3-numpy)

Sizes are the smallest that still tell things apart: sides of windows, images and channels all differ.
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.RandomState(1)


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, value, name=None):
        self.count += 1
        name = name or f"constant_{self.count}"
        value = np.asarray(value)
        if value.dtype == np.float64:
            value = value.astype(np.float32)
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weight(self, *shape, name=None, low=-0.5, high=0.5):
        return self.constant(random.uniform(low, high, shape).astype(np.float32), name)

    def __call__(self, operator, *inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"{operator}_{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=f"{operator}_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def save(self, path, shape, output, opset, type=TensorProto.FLOAT, external=False):
        self.nodes.append(helper.make_node("Identity", [output], ["output"], name="end"))
        graph = helper.make_graph(
            self.nodes, "pattern", [helper.make_tensor_value_info("input", type, shape)],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["N", 5])], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
        if opset <= onnx.defs.onnx_opset_version():  # ONNX Runtime checks newer ones
            onnx.checker.check_model(model)
        if external:
            onnx.save(model, path, save_as_external_data=True, location=path.split("/")[-1] + ".data", size_threshold=200)
        else:
            onnx.save(model, path)


def keras(path):
    """[N,H,W,C] in and between layers, pixels brought to -1..1, SAME padding, biases added, hard-swish in pieces, softmax."""
    g = Graph()
    x = g("Sub", g("Div", "input", g.constant(127.5)), g.constant(1.0))
    x = g("Transpose", x, perm=[0, 3, 1, 2])
    x = g("Conv", x, g.weight(8, 3, 3, 3, name="stem/kernel"), auto_pad="SAME_UPPER", strides=[2, 2], kernel_shape=[3, 3])
    x = g("Add", x, g.weight(1, 8, 1, 1))
    x = g("Clip", x, g.constant(0.0), g.constant(6.0))
    x = g("Conv", x, g.weight(8, 1, 3, 3), pads=[0, 0, 1, 1], strides=[2, 2], group=8)
    x = g("BatchNormalization", x, g.weight(8, low=0.5, high=1), g.weight(8), g.weight(8), g.weight(8, low=0.5, high=1), epsilon=1e-3)
    y = g("Mul", g("Mul", x, g("Clip", g("Add", x, g.constant(3.0)), g.constant(0.0), g.constant(6.0))), g.constant(1 / 6))
    x = g("Transpose", y, perm=[0, 2, 3, 1])
    s = g("ReduceMean", x, axes=[1, 2], keepdims=1)
    s = g("Transpose", s, perm=[0, 3, 1, 2])
    s = g("Mul", g("Conv", s, g.weight(4, 8, 1, 1), g.weight(4)), g("Sigmoid", g("Conv", s, g.weight(4, 8, 1, 1), g.weight(4))))
    s = g("HardSigmoid", g("Conv", s, g.weight(8, 4, 1, 1), g.weight(8)), alpha=1 / 6, beta=0.5)
    x = g("Mul", x, g("Transpose", s, perm=[0, 2, 3, 1]))
    x = g("Transpose", x, perm=[0, 3, 1, 2])
    x = g("MaxPool", x, auto_pad="SAME_UPPER", kernel_shape=[3, 3], strides=[1, 1])
    x = g("AveragePool", x, auto_pad="SAME_UPPER", kernel_shape=[3, 3], strides=[1, 1])
    x = g("MaxPool", x, auto_pad="SAME_UPPER", kernel_shape=[2, 2], strides=[2, 2])
    x = g("Transpose", x, perm=[0, 2, 3, 1])
    x = g("Reshape", x, g.constant(np.array([-1, 2 * 2 * 8])))
    x = g("Add", g("MatMul", x, g.weight(32, 5)), g.weight(5))
    g.save(path, ["N", 14, 18, 3], g("Softmax", x, axis=-1), 13)


def timm(path):
    """A block of ConvNeXt as timm writes it, normalization of RGB in the graph, layer normalization in both forms, GELU in pieces."""
    g = Graph()
    x = g("Sub", "input", g.constant(np.array([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)))
    x = g("Div", x, g.constant(np.array([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)))
    x = g("Conv", x, g.weight(8, 3, 4, 4, name="stem.0.weight"), g.weight(8, name="stem.0.bias"), strides=[4, 4])
    x = g("Transpose", x, perm=[0, 2, 3, 1])
    x = g("LayerNormalization", x, g.weight(8, name="stem.1.weight"), g.weight(8, name="stem.1.bias"), epsilon=1e-6, axis=-1)
    x = g("Transpose", x, perm=[0, 3, 1, 2])
    y = g("Conv", x, g.weight(8, 1, 7, 7), g.weight(8), pads=[3, 3, 3, 3], group=8)
    y = g("Transpose", y, perm=[0, 2, 3, 1])
    y = layer_norm(g, y, 8)
    y = g("Add", g("MatMul", y, g.weight(8, 16)), g.weight(16))
    y = g("Mul", g("Mul", y, g("Add", g("Erf", g("Div", y, g.constant(2 ** 0.5))), g.constant(1.0))), g.constant(0.5))
    y = g("Add", g("MatMul", y, g.weight(16, 8)), g.weight(8))
    y = g("Mul", y, g.weight(8, name="stages.0.gamma"))
    x = g("Add", g("Transpose", y, perm=[0, 3, 1, 2]), x)
    x = g("Flatten", g("GlobalAveragePool", x))
    x = layer_norm(g, x, 8)
    g.save(path, [1, 3, 16, 24], g("Gemm", x, g.weight(5, 8, name="head.fc.weight"), g.weight(5, name="head.fc.bias"), transB=1), 17)


def layer_norm(g, x, channels):
    centered = g("Sub", x, g("ReduceMean", x, axes=[-1], keepdims=1))
    variance = g("ReduceMean", g("Pow", centered, g.constant(2.0)), axes=[-1], keepdims=1)
    x = g("Div", centered, g("Sqrt", g("Add", variance, g.constant(1e-5))))
    return g("Add", g("Mul", x, g.weight(channels)), g.weight(channels))


def windows(path):
    """Attention of two heads in rolled windows with a position bias, and patch merging, as Swin Transformer has them."""
    g = Graph()
    size, window, shift, channels, heads = 8, 4, 2, 6, 2
    tokens, width, down = window * window, channels // heads, size // window
    x = g("Conv", "input", g.weight(channels, 3, 2, 2), g.weight(channels), strides=[2, 2])
    x = g("Transpose", x, perm=[0, 2, 3, 1])
    y = layer_norm(g, x, channels)
    y = roll(g, roll(g, y, 1, shift), 2, shift)
    y = g("Reshape", y, g.constant(np.array([-1, down, window, down, window, channels])))
    y = g("Reshape", g("Transpose", y, perm=[0, 1, 3, 2, 4, 5]), g.constant(np.array([-1, tokens, channels])))
    y = g("Add", g("MatMul", y, g.weight(channels, 3 * channels)), g.weight(3 * channels))
    y = g("Transpose", g("Reshape", y, g.constant(np.array([0, 0, 3, heads, width]))), perm=[2, 0, 3, 1, 4])
    q, k, v = (g("Gather", y, g.constant(np.array(i)), axis=0) for i in range(3))
    scores = g("MatMul", g("Mul", q, g.constant(width ** -0.5)), g("Transpose", k, perm=[0, 1, 3, 2]))
    rows = np.arange(tokens)
    pairs = (rows[:, None] // window - rows[None] // window + window - 1) * (2 * window - 1) + rows[:, None] % window - rows[None] % window + window - 1
    table = random.uniform(-1, 1, ((2 * window - 1) ** 2, heads)).astype(np.float32)
    scores = g("Add", scores, g.constant(table[pairs].transpose(2, 0, 1)[None]))
    region = np.zeros((size, size), int)
    region[size - shift:] += 2
    region[:, size - shift:] += 1
    region = region.reshape(down, window, down, window).transpose(0, 2, 1, 3).reshape(-1, tokens)
    mask = np.where(region[:, :, None] == region[:, None], 0, -100).astype(np.float32)
    scores = g("Reshape", scores, g.constant(np.array([-1, down * down, heads, tokens, tokens])))
    scores = g("Add", scores, g.constant(mask[None, :, None]))
    scores = g("Reshape", scores, g.constant(np.array([-1, heads, tokens, tokens])))
    y = g("MatMul", g("Softmax", scores, axis=-1), v)
    y = g("Reshape", g("Transpose", y, perm=[0, 2, 1, 3]), g.constant(np.array([0, 0, channels])))
    y = g("Add", g("MatMul", y, g.weight(channels, channels)), g.weight(channels))
    y = g("Transpose", g("Reshape", y, g.constant(np.array([-1, down, down, window, window, channels]))), perm=[0, 1, 3, 2, 4, 5])
    y = g("Reshape", y, g.constant(np.array([-1, size, size, channels])))
    x = g("Add", x, roll(g, roll(g, y, 1, -shift), 2, -shift))
    parts = [strided(g, x, i % 2, i // 2) for i in range(4)]
    x = g("Concat", *parts, axis=-1)
    x = layer_norm(g, x, 4 * channels)
    x = g("MatMul", x, g.weight(4 * channels, 10))
    x = g("ReduceMean", x, axes=[1, 2], keepdims=0)
    g.save(path, [1, 3, 16, 16], g("Gemm", x, g.weight(10, 5), g.weight(5)), 14)


def roll(g, x, axis, shift):
    end = np.iinfo(np.int64).max
    one = lambda v: g.constant(np.array([v]))
    return g("Concat", g("Slice", x, one(shift), one(end), one(axis)), g("Slice", x, one(0), one(shift), one(axis)), axis=axis)


def strided(g, x, row, column):
    end = np.iinfo(np.int64).max
    array = lambda *v: g.constant(np.array(v))
    return g("Slice", x, array(row, column), array(end, end), array(1, 2), array(2, 2))


def old(path):
    """Opset 9: attributes where newer files have inputs; bytes in, BGR, means subtracted; channel shuffle, groups, tall kernels, dropout."""
    g = Graph()
    x = g("Cast", "input", to=TensorProto.FLOAT)
    x = g("Gather", x, g.constant(np.array([2, 1, 0])), axis=1)
    x = g("Sub", x, g.constant(np.array([103.939, 116.779, 123.68]).reshape(3, 1, 1)))
    x = g("Mul", x, g.constant(np.array(1 / 58.0)))
    x = g("Pad", x, mode="constant", pads=[0, 0, 1, 0, 0, 0, 0, 1])
    x = g("Conv", x, g.weight(8, 3, 3, 3), g.weight(8))
    x = g("Clip", x, min=0.0, max=6.0)
    a, b = g("Split", x, outputs=2, axis=1, split=[4, 4])
    b = g("Conv", b, g.weight(4, 2, 3, 1), pads=[1, 0, 1, 0], group=2)
    x = g("Concat", a, g("Conv", g("Relu", b), g.weight(4, 4, 1, 3), pads=[0, 1, 0, 1]), axis=1)
    x = g("Reshape", x, g.constant(np.array([-1, 2, 4, 11, 7])))
    x = g("Reshape", g("Transpose", x, perm=[0, 2, 1, 3, 4]), g.constant(np.array([-1, 8, 11, 7])))
    y = g("Conv", g("Slice", x, axes=[1], starts=[2], ends=[6]), g.weight(8, 4, 3, 3), pads=[2, 2, 2, 2], dilations=[2, 2])
    x = g("Add", x, y)
    x = g("Dropout", x, ratio=0.2)
    x = g("Squeeze", g("GlobalAveragePool", x), axes=[2, 3])
    x = g("Unsqueeze", x, axes=[2, 3])
    x = g("Conv", x, g.weight(5, 8, 1, 1), g.weight(5))
    g.save(path, ["N", 3, 12, 8], g("Flatten", x), 9, TensorProto.UINT8)


def modern(path):
    """Opset 18, weights in a file of their own: sizes of Split and axes of ReduceMean as inputs, channels in NHWC, gates and GELU in pieces."""
    g = Graph()
    array = lambda *v: g.constant(np.array(v))
    x = g("Transpose", "input", perm=[0, 2, 3, 1])
    x = g("Pad", x, array(0, 1, 0, 0, 0, 0, 1, 0), g.constant(0.0))
    x = g("Transpose", x, perm=[0, 3, 1, 2])
    x = g("Conv", x, g.weight(12, 3, 3, 3), g.weight(12), strides=[2, 2])
    x = g("Mul", x, g("Sigmoid", x))
    a, b, c = g("Split", x, array(4, 6, 2), outputs=3, axis=1)
    b = g("Mul", g("Mul", g.constant(0.5), b), g("Add", g.constant(1.0), g("Erf", g("Mul", b, g.constant(0.5 ** 0.5)))))
    b = g("Conv", b, g.weight(6, 1, 3, 3), g.weight(6), pads=[1, 1, 1, 1], group=6)
    x = g("Concat", c, b, a, axis=1)
    s = g("ReduceMean", x, array(2, 3), keepdims=1)
    s = g("Relu", g("Conv", s, g.weight(4, 12, 1, 1), g.weight(4)))
    s = g("Conv", s, g.weight(12, 4, 1, 1), g.weight(12))
    s = g("Div", g("Clip", g("Add", s, g.constant(3.0)), g.constant(0.0), g.constant(6.0)), g.constant(6.0))
    x = g("Mul", s, x)
    x = g("Transpose", x, perm=[0, 2, 3, 1])
    y = g("Slice", x, array(3), array(11), array(3))
    y = g("LayerNormalization", y, g.weight(8, low=0.5, high=1), epsilon=1e-6, axis=-1)
    y = g("MatMul", y, g.weight(8, 12))
    x = g("Add", x, g("Relu", y))
    x = g("Add", g("Mul", x, g.weight(12, low=0.5, high=1)), g.weight(12))
    x = g("ReduceMean", x, array(1, 2), keepdims=0)
    g.save(path, ["N", 3, 10, 14], g("Gemm", x, g.weight(12, 5), g.weight(5)), 18, external=True)


if __name__ == "__main__":
    for make in (keras, timm, windows, old, modern):
        make(f"{sys.argv[1]}/{make.__name__}.onnx")
