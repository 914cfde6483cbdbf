using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view_as(Tensor other) => Op.Call("view_as", this, other);
        public Tensor reshape(params long[] shape) => Op.Call("reshape", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.Call("flatten.using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => Op.Call("unflatten.int", this, dim, sizes);
        public Tensor permute(params long[] permutation) => Op.Call("permute", this, permutation);
        public Tensor transpose(long dim0, long dim1) => Op.Call("transpose.int", this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Op.Run("transpose_", this, dim0, dim1);
        public Tensor t() => Op.Call("t", this);
        public Tensor swapaxes(long dim0, long dim1) => Op.Call("swapaxes", this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Op.Call("swapdims", this, dim0, dim1);
        public Tensor movedim(long[] source, long[] destination) => Op.Call("movedim.intlist", this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => Op.Call("moveaxis.intlist", this, source, destination);
        public Tensor unsqueeze(long dim) => Op.Call("unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => Op.Run("unsqueeze_", this, dim);
        public Tensor expand(params long[] sizes) => Op.Call("expand", this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.Call("expand", this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Op.Call("expand", this, sizes.ToArray(), isImplicit);
        public Tensor expand_as(Tensor other) => Op.Call("expand_as", this, other);
        public Tensor broadcast_to(params long[] shape) => Op.Call("broadcast_to", this, shape);
        public Tensor repeat(params long[] sizes) => Op.Call("repeat", this, sizes);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => Op.Call("repeat_interleave.self_int", this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) => Op.Call("repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => Op.Call("tile", this, reps);
        public Tensor narrow(long dim, long start, long length) => Op.Call("narrow", this, dim, start, length);
        public Tensor ravel() => Op.Call("ravel", this);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) => Op.Call("as_strided", this, size, strides, storageOffset);
        public Tensor unfold(long dimension, long size, long step) => Op.Call("unfold", this, dimension, size, step);
        public Tensor[] split(long size, int dim = 0) => Op.CallList("split.Tensor", this, size, dim);
        public Tensor[] split(params long[] sizes) => Op.CallList("split.sizes", this, sizes);
        public Tensor[] split(long[] sizes, long dim = 0) => Op.CallList("split.sizes", this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Op.CallList("split.sizes", this, sizes.ToArray(), dim);
        public Tensor[] chunk(long chunks, long dim = 0L) => Op.CallList("chunk", this, chunks, dim);
        public Tensor[] tensor_split(long size, long dim = 0L) => Op.CallList("tensor_split.sections", this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0L) => Op.CallList("tensor_split.indices", this, sizes, dim);
        public Tensor[] tensor_split(Tensor indices, long dim = 0L) => Op.CallList("tensor_split.tensor_indices_or_sections", this, indices, dim);
        public Tensor[] unbind(long dimension = 0L) => Op.CallList("unbind.int", this, dimension);
        public Tensor flip(params long[] dims) => Op.Call("flip", this, dims);
        public Tensor roll(long[] shifts) => Op.Call("roll", this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => Op.Call("roll", this, shifts, dims);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Op.Call("roll", this, shifts.ToArray(), dims.ToArray());
    }
}
