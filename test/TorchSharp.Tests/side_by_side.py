#!/usr/bin/env python3
"""Computes the same calls in PyTorch that the tests make through TorchSharp, and writes them to Golden/operators.json.

usage: side_by_side.py [OUT]      (Debian: python3-torch; the tests need only the file)

A case is a member of TorchSharp, its arguments, and what PyTorch returns. Tensors are small (at most 4x4x4) so that a wrong
number can be checked by hand, of doubles so that the order of additions does not matter, and made by a formula, so that the
file does not depend on a random generator. Both the results and the first argument after the call are recorded: operators
that work in place change it.
"""
import json
import math
import os
import sys

import torch
from torch.nn import functional as F

cases = []


def numbers(*shape, low=-2.0, high=2.0, dtype=torch.float64):
    """Well spread values without ties: a low-discrepancy sequence."""
    n = math.prod(shape)
    numbers.offset += 1
    values = [low + (high - low) * ((0.754877666 * (i + 1) + 0.1 * numbers.offset) % 1.0) for i in range(n)]
    return torch.tensor([round(v, 4) for v in values], dtype=torch.float64).reshape(shape).to(dtype)


numbers.offset = 0


def integers(*shape, low=0, high=5):
    return numbers(*shape, low=low, high=high).floor().to(torch.int64)


def encode(value):
    if isinstance(value, torch.Tensor):
        flat = value.detach().reshape(-1)
        data = [int(v) for v in flat] if value.dtype in (torch.int64, torch.bool) else [None if math.isnan(v) else ("inf" if v > 0 else "-inf") if math.isinf(v) else v for v in flat.tolist()]
        return {"tensor": data, "shape": list(value.shape), "dtype": {torch.float64: "Float64", torch.float32: "Float32", torch.int64: "Int64", torch.bool: "Bool"}[value.dtype]}
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], torch.Tensor):
        return {"tensors": [encode(v) for v in value]}
    if isinstance(value, Enum):
        return {"enum": str(value)}
    if isinstance(value, Real):
        return {"real": float(value)}
    if isinstance(value, (list, tuple)):
        return {"ints": list(value)}
    return value


class Enum(str):
    """The name of a value of a TorchSharp enumeration."""


class Real(float):
    """A number that TorchSharp takes as a double or a Scalar, whole or not."""


def case(member, *arguments, compute=None):
    given = [encode(a) for a in arguments]
    copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
    name = member.split(".")[-1]
    result = compute(*copies) if compute else getattr(copies[0], name)(*copies[1:])
    if isinstance(result, torch.Tensor) or not isinstance(result, (list, tuple)):
        result = [result]
    after = encode(copies[0]) if name.endswith("_") and isinstance(copies[0], torch.Tensor) else None
    cases.append({"member": member, "arguments": given, "results": [encode(r) for r in result], "after": after})


def words(text):
    return text.split()


def arithmetic():
    x, y, p = numbers(2, 3), numbers(2, 3), numbers(2, 3, low=0.2)
    for name in words("add sub mul div true_divide floor_divide remainder fmod"):
        for suffix in ("", "_"):
            case(f"Tensor.{name}{suffix}", x, p)
            case(f"Tensor.{name}{suffix}", x, Real(1.5))
    for name in words("subtract subtract_ multiply divide divide_"):
        case(f"Tensor.{name}", x, p)
    case("torch.multiply_", x, p, compute=lambda a, b: a.mul_(b))
    for name in words("add add_"):
        case(f"Tensor.{name}", x, y, Real(0.5), compute=lambda a, b, c, name=name: getattr(a, name)(b, alpha=c))
        case(f"Tensor.{name}", x, Real(2.0), Real(0.5), compute=lambda a, b, c, name=name: getattr(a, name)(b, alpha=c))
    for name in words("div div_ divide divide_"):
        for mode in ("floor", "trunc"):
            case(f"Tensor.{name}", x, p, Enum(mode), compute=lambda a, b, m, name=name: getattr(a, name)(b, rounding_mode=str(m)))
    for name in words("pow pow_"):
        case(f"Tensor.{name}", p, Real(1.7))
        case(f"Tensor.{name}", p, y)
    case("Tensor.float_power", p, y)
    for name in words("addcmul addcmul_ addcdiv addcdiv_"):
        case(f"Tensor.{name}", x, y, p, Real(0.3), compute=lambda a, b, c, v, name=name: getattr(a, name)(b, c, value=v))
    case("Tensor.addcdiv", x, y, p)
    for name in words("lerp lerp_"):
        case(f"Tensor.{name}", x, y, numbers(2, 3, low=0, high=1))
    for name in words("neg neg_ negative positive reciprocal reciprocal_"):
        case(f"Tensor.{name}", x)
    for name in words("sqrt sqrt_ rsqrt rsqrt_ square"):
        case(f"Tensor.{name}", p)
    # Broadcasting in both directions.
    case("Tensor.add", numbers(2, 1, 3), numbers(4, 1))
    case("Tensor.mul", numbers(3), numbers(2, 3))


def pointwise():
    x, p, u = numbers(2, 3), numbers(2, 3, low=0.2), numbers(2, 3, low=-0.9, high=0.9)
    for name in words("abs absolute sign sgn exp expm1 erf erfc ceil floor trunc fix frac sin cos tan sinh cosh tanh asinh atan sigmoid relu"):
        case(f"Tensor.{name}", x)
        case(f"Tensor.{name}_", x)
    for name in words("exp2 signbit sinc deg2rad rad2deg"):
        case(f"Tensor.{name}", x)
    case("Tensor.sinc_", x)
    for name in words("log log2 log10 log1p lgamma digamma"):
        case(f"Tensor.{name}", p)
        case(f"Tensor.{name}_", p)
    for name in words("asin acos atanh erfinv"):
        case(f"Tensor.{name}", u)
        case(f"Tensor.{name}_", u)
    for name in words("arcsin arccos arctan"):
        case(f"Tensor.{name}", u)
    for name in words("acosh acosh_"):
        case(f"Tensor.{name}", p + 1)
    for name in words("atan2 atan2_ arctan2"):
        case(f"Tensor.{name}", x, p)
    for name in words("maximum minimum fmax fmin copysign hypot logaddexp logaddexp2 xlogy xlogy_"):
        case(f"Tensor.{name}", p, numbers(2, 3, low=0.1))
    for name in words("xlogy xlogy_"):
        case(f"Tensor.{name}", x, Real(1.5))
    for name in words("clamp clamp_"):
        case(f"Tensor.{name}", x, Real(-0.5), Real(1.0))
        case(f"Tensor.{name}", x, numbers(2, 3, low=-1, high=0), numbers(2, 3, low=0, high=1))
    case("Tensor.clip", x, Real(-0.5), Real(1.0))
    for name in words("clamp_min clamp_min_ clamp_max clamp_max_"):
        case(f"Tensor.{name}", x, Real(0.25))
    case("Tensor.nan_to_num", torch.tensor([1.0, math.nan, math.inf, -math.inf], dtype=torch.float64), Real(0.5), Real(9.0), Real(-9.0))
    case("Tensor.logit", numbers(4, low=0.1, high=0.9))
    for name in words("round round_"):
        case(f"Tensor.{name}", x)
        case(f"Tensor.{name}", x, 2, compute=lambda a, d, name=name: getattr(a, name)(decimals=d))


def activations():
    x = numbers(2, 4)
    by_function = {"relu6": F.relu6, "silu": F.silu, "gelu": F.gelu, "hardswish": F.hardswish, "hardsigmoid": F.hardsigmoid, "celu": F.celu, "selu": F.selu, "log_sigmoid": F.logsigmoid}
    for name, function in by_function.items():
        case(f"Tensor.{name}", x, compute=function)
    for name in words("relu6_ silu_ hardswish_ hardsigmoid_ celu_ selu_"):
        case(f"Tensor.{name}", x, compute=lambda a, name=name: a.copy_(by_function[name[:-1]](a)))
    for suffix in ("", "_"):
        done = (lambda a, r: a.copy_(r)) if suffix else (lambda a, r: r)
        case(f"Tensor.hardtanh{suffix}", x, Real(-0.5), Real(0.7), compute=lambda a, l, h: done(a, F.hardtanh(a, l, h)))
        case(f"Tensor.leaky_relu{suffix}", x, Real(0.1), compute=lambda a, s: done(a, F.leaky_relu(a, s)))
        case(f"Tensor.elu{suffix}", x, Real(0.7), Real(1.0), Real(1.0), compute=lambda a, s, _, __: done(a, F.elu(a, s)))
    case("Tensor.prelu", x, numbers(4), compute=F.prelu)
    case("Tensor.softmax", x, 1)
    case("Tensor.log_softmax", x, 0)


def comparison():
    x, y = integers(2, 4).double(), integers(2, 4).double()
    for name in words("eq ne lt le gt ge"):
        for suffix in ("", "_"):
            case(f"Tensor.{name}{suffix}", x, y)
            case(f"Tensor.{name}{suffix}", x, Real(2.0))
    for name in words("greater greater_equal less less_equal not_equal"):
        case(f"Tensor.{name}", x, y)
    case("Tensor.isclose", x, y)
    case("Tensor.allclose", x, y)
    case("Tensor.allclose", x, x)
    case("Tensor.isin", x, torch.tensor([1.0, 3.0], dtype=torch.float64), compute=torch.isin)
    odd = torch.tensor([1.0, math.nan, math.inf, -math.inf], dtype=torch.float64)
    for name in words("isnan isinf isfinite isneginf isposinf isreal"):
        case(f"Tensor.{name}", odd)
    a, b = integers(4, high=2).bool(), integers(4, high=2).bool()
    for name in words("logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor"):
        case(f"Tensor.{name}", a, b)
        case(f"Tensor.{name}_", a, b)
    for name in words("logical_not logical_not_ bitwise_not bitwise_not_"):
        case(f"Tensor.{name}", a)
    case("Tensor.bitwise_and", integers(4, high=16), integers(4, high=16))


def reductions():
    x = numbers(2, 3, 4)
    for name in words("sum mean std var prod max min argmax argmin median nansum norm"):
        case(f"Tensor.{name}", x)
    case("Tensor.sum", x, 1)
    case("Tensor.sum", x, 0, 2, compute=lambda a, i, j: a.sum((i, j)))
    case("Tensor.sum", x, 0, 1, 2, compute=lambda a, *d: a.sum(d))
    case("Tensor.sum", x, [0, 2], True)
    case("Tensor.mean", x, [0, 2], True)
    for name in words("std var"):
        case(f"Tensor.{name}", x, False, compute=lambda a, u, name=name: getattr(a, name)(unbiased=u))
        case(f"Tensor.{name}", x, 1, False, True, compute=lambda a, d, u, k, name=name: getattr(a, name)(dim=d, unbiased=u, keepdim=k))
        case(f"Tensor.{name}", x, [0, 2], True, compute=lambda a, d, u, name=name: getattr(a, name)(dim=d, unbiased=u))
    for name in words("std_mean var_mean"):
        case(f"Tensor.{name}", x, [0, 2], compute=lambda a, d, name=name: getattr(torch, name)(a, dim=d))
    case("Tensor.prod", x, 1)
    for name in words("max min cummax cummin"):
        case(f"Tensor.{name}", x, 1)
    for name in words("max min"):
        case(f"Tensor.{name}", x, numbers(2, 3, 4))
    for name in words("amax amin"):
        case(f"Tensor.{name}", x, [0, 2], compute=lambda a, d, name=name: getattr(a, name)(d))
        case(f"Tensor.{name}", x, [1], True)
    case("Tensor.aminmax", x, compute=lambda a: tuple(a.aminmax()))
    for name in words("argmax argmin"):
        case(f"Tensor.{name}", x, 1, True)
    for name in words("all any"):
        b = integers(2, 3, high=2).bool()
        case(f"Tensor.{name}", b)
        case(f"Tensor.{name}", b, 1)
    case("Tensor.norm", x, Real(3.0))
    case("Tensor.norm", x, 1, True, Real(2.0), compute=lambda a, d, k, p: a.norm(p, d, k))
    for name in words("cumsum cumprod logcumsumexp logsumexp"):
        case(f"Tensor.{name}", x, 1)
    case("Tensor.count_nonzero", integers(2, 3, high=2), [1])
    case("Tensor.quantile", numbers(5), torch.tensor([0.25, 0.5], dtype=torch.float64), 0)
    case("Tensor.dist", x, numbers(2, 3, 4))
    case("Tensor.bincount", integers(6), None, 8)


def ordering():
    x = numbers(3, 4)
    case("Tensor.sort", x, 1)
    case("Tensor.sort", x, 0, True)
    case("Tensor.argsort", x, 1, True)
    case("Tensor.msort", x)
    case("Tensor.topk", x, 2, 1)
    case("Tensor.unique", integers(8), True, True, True, compute=lambda a, s, i, c: a.unique(s, i, c))
    case("Tensor.unique_consecutive", torch.tensor([1, 1, 2, 2, 1]), True, True, compute=lambda a, i, c: a.unique_consecutive(i, c))
    case("torch.searchsorted", numbers(5).sort().values, numbers(3), compute=torch.searchsorted)
    case("Tensor.bucketize", numbers(3), numbers(5).sort().values, compute=torch.bucketize)
    case("Tensor.nonzero", integers(3, 3, high=2))
    case("Tensor.nonzero_as_list", integers(3, 3, high=2), compute=lambda a: a.nonzero(as_tuple=True))
    case("Tensor.argwhere", integers(3, 3, high=2))


def linear_algebra():
    a, b, c, v, w = numbers(2, 3), numbers(3, 4), numbers(2, 4), numbers(3), numbers(3)
    case("Tensor.matmul", a, b)
    case("Tensor.matmul", numbers(2, 2, 3), b)
    case("Tensor.mm", a, b)
    case("Tensor.bmm", numbers(2, 2, 3), numbers(2, 3, 2))
    case("Tensor.mv", a, v)
    case("Tensor.dot", v, w)
    case("Tensor.inner", v, w)
    case("Tensor.outer", v, w)
    for name in words("addmm addmm_"):
        case(f"Tensor.{name}", c, a, b, Real(0.5), Real(2.0), compute=lambda s, x, y, beta, alpha, name=name: getattr(s, name)(x, y, beta=beta, alpha=alpha))
    for name in words("addmv addmv_"):
        case(f"Tensor.{name}", numbers(2), a, v, Real(0.5), Real(2.0), compute=lambda s, x, y, beta, alpha, name=name: getattr(s, name)(x, y, beta=beta, alpha=alpha))
    case("Tensor.baddbmm", numbers(2, 2, 2), numbers(2, 2, 3), numbers(2, 3, 2), Real(0.5), Real(2.0), compute=lambda s, x, y, beta, alpha: s.baddbmm(x, y, beta=beta, alpha=alpha))
    case("torch.einsum", "ij,jk->ik", [a, b], compute=lambda e, t: torch.einsum(e, *t))
    square = numbers(3, 3) + 3 * torch.eye(3, dtype=torch.float64)
    for name in words("det inverse trace"):
        case(f"Tensor.{name}", square)
    for name in words("tril tril_ triu triu_ diagonal"):
        case(f"Tensor.{name}", square, 1)
    for name in words("diag diagflat diag_embed"):
        case(f"Tensor.{name}", v)


def shape():
    x = numbers(2, 3, 4)
    for name, shapes in {"reshape": [4, 6], "view": [6, 4], "permute": [2, 0, 1], "tile": [1, 2, 1], "repeat": [2, 1, 1]}.items():
        case(f"Tensor.{name}", x, shapes)
    case("Tensor.expand", numbers(3, 1), [2, 3, 4])
    case("Tensor.broadcast_to", numbers(3, 1), [2, 3, 4])
    case("Tensor.expand_as", numbers(3, 1), numbers(2, 3, 4))
    case("Tensor.view_as", x, numbers(4, 6))
    case("Tensor.flatten", x, 1, 2)
    case("Tensor.unflatten", x, 2, [2, 2], compute=lambda a, d, s: a.unflatten(d, s))
    for name in words("transpose transpose_ swapaxes swapdims"):
        case(f"Tensor.{name}", x, 0, 2)
    for name in words("movedim moveaxis"):
        case(f"Tensor.{name}", x, [0, 1], [2, 0])
    case("Tensor.t", numbers(2, 3))
    for name in words("unsqueeze unsqueeze_"):
        case(f"Tensor.{name}", x, 1)
    for name in words("squeeze squeeze_"):
        case(f"Tensor.{name}", numbers(1, 3, 1))
        case(f"Tensor.{name}", numbers(1, 3, 1), 0)
    case("Tensor.repeat_interleave", numbers(2, 3), 2, 1)
    case("Tensor.repeat_interleave", numbers(3), torch.tensor([1, 0, 2]))
    case("Tensor.narrow", x, 2, 1, 2)
    case("Tensor.slice", x, 2, 0, 4, 2, compute=lambda a, d, s, e, n: a[:, :, s:e:n])
    case("Tensor.ravel", x)
    case("Tensor.contiguous", x)
    case("Tensor.alias", x, compute=lambda a: a)
    case("Tensor.as_strided", x, [2, 2], [3, 1], 2)
    case("Tensor.unfold", numbers(6), 0, 3, 2)
    case("Tensor.split", numbers(5), 2, 0)
    case("Tensor.split", numbers(5), [2, 3], 0)
    case("Tensor.chunk", numbers(5), 2, 0)
    case("Tensor.tensor_split", numbers(5), 2, 0)
    case("Tensor.unbind", numbers(2, 3), 1)
    case("Tensor.flip", x, [0, 2])
    case("Tensor.roll", x, 1, 2)
    case("Tensor.roll", x, [1, 2], [0, 1])
    pair = [numbers(2, 3), numbers(2, 3)]
    for name in words("cat concat stack"):
        case(f"torch.{name}", pair, 1, compute=getattr(torch, name))
    case("torch.concatenate", pair, 1, compute=torch.cat)
    for name in words("hstack vstack dstack"):
        case(f"torch.{name}", pair, compute=getattr(torch, name))
    case("torch.meshgrid", [numbers(2), numbers(3)], compute=lambda t: torch.meshgrid(*t, indexing="ij"))
    case("torch.broadcast_tensors", [numbers(3, 1), numbers(2)], compute=lambda t: torch.broadcast_tensors(*t))


def indexing():
    x, index = numbers(3, 4), torch.tensor([2, 0])
    case("Tensor.select", x, 1, 2)
    case("Tensor.index_select", x, 1, index)
    source = numbers(3, 2)
    for name in words("index_add index_add_"):
        case(f"Tensor.{name}", x, 1, index, source, Real(0.5), compute=lambda a, d, i, s, v, name=name: getattr(a, name)(d, i, s, alpha=v))
    for name in words("index_copy index_copy_"):
        case(f"Tensor.{name}", x, 1, index, source)
    for name in words("index_fill index_fill_"):
        case(f"Tensor.{name}", x, 1, index, Real(0.5))
    places = torch.tensor([[0, 2], [1, 3], [3, 0]])
    case("Tensor.gather", x, 1, places)
    for name in words("scatter scatter_ scatter_add scatter_add_"):
        case(f"Tensor.{name}", x, 1, places, source)
    mask = integers(3, 4, high=2).bool()
    for name in words("masked_fill masked_fill_"):
        case(f"Tensor.{name}", x, mask, Real(0.5))
    case("Tensor.masked_select", x, mask)
    for name in words("masked_scatter masked_scatter_"):
        case(f"Tensor.{name}", x, mask, numbers(12))
    case("Tensor.take", x, torch.tensor([0, 5, 11]))
    case("Tensor.take_along_dim", x, places, 1)
    case("torch.where", mask, x, numbers(3, 4), compute=torch.where)
    case("Tensor.where", x, mask, numbers(3, 4), compute=lambda a, m, o: a.where(m, o))


def copies():
    x = numbers(2, 3)
    case("Tensor.clone", x)
    case("Tensor.detach", x)
    case("Tensor.copy_", x, numbers(2, 3))
    case("Tensor.zero_", x)
    case("Tensor.fill_", x, Real(0.5))


def functional():
    images, kernels, bias = numbers(2, 4, 5, 5), numbers(6, 2, 3, 3), numbers(6)
    case("functional.conv2d", images, kernels, bias, [2, 1], [1, 0], [1, 2], 2, compute=F.conv2d)
    case("functional.conv1d", numbers(2, 3, 7), numbers(4, 3, 3), numbers(4), 2, 1, 1, 1, compute=F.conv1d)
    case("functional.linear", numbers(2, 3), numbers(4, 3), numbers(4), compute=F.linear)
    mean, variance = numbers(4), numbers(4, low=0.5)
    case("functional.batch_norm", images, mean, variance, numbers(4), numbers(4), False, Real(0.1), Real(1e-3), compute=F.batch_norm)
    case("functional.batch_norm", images, mean, variance, numbers(4), numbers(4), True, Real(0.1), Real(1e-3), compute=F.batch_norm)
    case("functional.instance_norm", images, None, None, numbers(4), numbers(4), True, Real(0.1), Real(1e-3), compute=F.instance_norm)
    case("functional.group_norm", images, 2, numbers(4), numbers(4), Real(1e-3), compute=F.group_norm)
    case("functional.layer_norm", images, [5, 5], numbers(5, 5), numbers(5, 5), Real(1e-3), compute=F.layer_norm)
    case("functional.max_pool2d", images, [3, 2], [2, 1], [1, 0], [1, 1], True, compute=F.max_pool2d)
    case("functional.max_pool2d", images, 2, 2, 0, 1, False, compute=F.max_pool2d)
    case("functional.max_pool2d_with_indices", images, [2, 2], compute=F.max_pool2d_with_indices)
    case("functional.adaptive_avg_pool2d", images, [2, 3], compute=F.adaptive_avg_pool2d)
    case("functional.adaptive_avg_pool2d", images, 1, compute=F.adaptive_avg_pool2d)
    case("functional.adaptive_max_pool2d", images, [2, 3], compute=F.adaptive_max_pool2d)
    case("functional.unfold", images, 3, 1, 1, 2, compute=F.unfold)
    case("functional.pixel_shuffle", images, 2, compute=F.pixel_shuffle)
    for mode, name in {"Constant": "constant", "Reflect": "reflect", "Replicate": "replicate", "Circular": "circular"}.items():
        case("functional.pad", images, [1, 2, 2, 1], Enum(mode), Real(0.5 if mode == "Constant" else 0), compute=lambda a, p, m, v, name=name: F.pad(a, p, name, v if name == "constant" else None))
    for mode in words("Nearest Bilinear Bicubic"):
        case("functional.upsample", images, [7, 8], None, Enum(mode), compute=lambda a, s, _, m, mode=mode: F.interpolate(a, s, mode=mode.lower(), align_corners=None if mode == "Nearest" else False))
    case("functional.upsample_nearest", images, [10, 10], compute=lambda a, s: F.interpolate(a, s, mode="nearest"))
    case("functional.upsample_nearest2d", images, [10, 10], compute=lambda a, s: F.interpolate(a, s, mode="nearest"))
    case("functional.upsample_bilinear", images, [10, 10], None, True, compute=lambda a, s, _, c: F.interpolate(a, s, mode="bilinear", align_corners=c))
    theta = torch.tensor([[[1.0, 0.1, 0.2], [-0.1, 0.9, 0.1]], [[0.5, 0.0, 0.0], [0.0, 0.5, 0.3]]], dtype=torch.float64)
    case("functional.affine_grid", theta, [2, 4, 3, 3], False, compute=lambda t, s, c: F.affine_grid(t, s, align_corners=c))
    grid = F.affine_grid(theta, (2, 4, 3, 3), align_corners=False)
    for mode in words("Nearest Bilinear"):
        for padding in words("Zeros Border Reflection"):
            case("functional.grid_sample", images, grid, Enum(mode), Enum(padding), False, compute=lambda a, g, m, p, c, mode=mode, padding=padding: F.grid_sample(a, g, mode.lower(), padding.lower(), c))
    x = numbers(3, 4)
    for name, function in {"relu": F.relu, "relu6": F.relu6, "selu": F.selu, "silu": F.silu, "hardswish": F.hardswish, "hardsigmoid": F.hardsigmoid, "tanh": torch.tanh, "gelu": F.gelu, "sigmoid": torch.sigmoid, "logsigmoid": F.logsigmoid, "Softsign": F.softsign, "Mish": F.mish, "softplus": F.softplus, "glu": F.glu, "leaky_relu": F.leaky_relu, "Hardtanh": F.hardtanh}.items():
        case(f"functional.{name}", x, compute=function)
    case("functional.elu", x, Real(0.7), compute=F.elu)
    case("functional.celu", x, Real(0.7), compute=F.celu)
    case("functional.prelu", x, numbers(4), compute=F.prelu)
    for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax, "softmin": F.softmin}.items():
        case(f"functional.{name}", x, 1, compute=function)
    case("functional.softmax2d", numbers(2, 3, 2, 2), compute=lambda a: F.softmax(a, -3))
    for name in words("dropout dropout2d alpha_dropout"):
        case(f"functional.{name}", numbers(2, 3, 2, 2), Real(0.5), False, compute=lambda a, p, t: a)
    case("functional.one_hot", torch.tensor([0, 2, 1]), 4, compute=F.one_hot)
    queries, keys, values = numbers(2, 3, 4), numbers(2, 5, 4), numbers(2, 5, 2)
    attention = lambda q, k, v, mask=0: ((q @ k.transpose(-2, -1)) / math.sqrt(q.size(-1)) + mask).softmax(-1) @ v
    case("functional.scaled_dot_product_attention", queries, keys, values, compute=attention)
    case("functional.scaled_dot_product_attention", queries, keys, values, numbers(3, 5), compute=attention)
    causal = torch.full((3, 5), -math.inf, dtype=torch.float64).triu(1)
    case("functional.scaled_dot_product_attention", queries, keys, values, None, Real(0), True, compute=lambda q, k, v, *_: attention(q, k, v, causal))


def losses():
    logits, classes, weights = numbers(4, 3), torch.tensor([2, 0, 1, 2]), numbers(3, low=0.2)
    for reduction in words("None Mean Sum"):
        r = {"reduction": reduction.lower()}
        case("functional.cross_entropy", logits, classes, weights, -100, Enum(reduction), Real(0.1), compute=lambda a, t, w, i, _, s: F.cross_entropy(a, t, w, ignore_index=i, label_smoothing=s, **r))
        case("functional.nll_loss", logits.log_softmax(1), classes, weights, Enum(reduction), compute=lambda a, t, w, _: F.nll_loss(a, t, w, **r))
        for name in words("mse_loss l1_loss"):
            case(f"functional.{name}", numbers(2, 3), numbers(2, 3), Enum(reduction), compute=lambda a, t, _, name=name: getattr(F, name)(a, t, **r))
        case("functional.smooth_l1_loss", numbers(2, 3), numbers(2, 3), Enum(reduction), Real(0.7), compute=lambda a, t, _, b: F.smooth_l1_loss(a, t, beta=b, **r))
        case("functional.huber_loss", numbers(2, 3), numbers(2, 3), Real(0.7), Enum(reduction), compute=lambda a, t, d, _: F.huber_loss(a, t, delta=d, **r))
        case("functional.kl_div", numbers(2, 3), numbers(2, 3), True, Enum(reduction), compute=lambda a, t, l, _: F.kl_div(a, t, log_target=l, **r))
        chances = numbers(2, 3, low=0.1, high=0.9)
        case("functional.binary_cross_entropy", chances, integers(2, 3, high=2).double(), None, Enum(reduction), compute=lambda a, t, w, _: F.binary_cross_entropy(a, t, w, **r))
        case("functional.binary_cross_entropy_with_logits", numbers(2, 3), integers(2, 3, high=2).double(), None, Enum(reduction), numbers(3, low=0.5), compute=lambda a, t, w, _, p: F.binary_cross_entropy_with_logits(a, t, w, pos_weight=p, **r))
    case("functional.cross_entropy", logits, torch.tensor([2, -1, 1, 2]), None, -1, compute=lambda a, t, w, i: F.cross_entropy(a, t, ignore_index=i))
    case("functional.cross_entropy", logits, numbers(4, 3).softmax(1), compute=F.cross_entropy)


def creation():
    case("torch.linspace", Real(-1.0), Real(2.0), 5, compute=lambda a, b, n: torch.linspace(a, b, n, dtype=torch.float32))
    case("torch.eye", 2, 3, compute=lambda r, c: torch.eye(r, c, dtype=torch.float32))


for group in (arithmetic, pointwise, activations, comparison, reductions, ordering, linear_algebra, shape, indexing, copies, functional, losses, creation):
    group()
path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "Golden", "operators.json")
with open(path, "w") as out:
    out.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
    out.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
    out.write("\n]}\n")
print(f"{len(cases)} cases of {len({c['member'] for c in cases})} members with PyTorch {torch.__version__} -> {path}")
