using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor squeeze(long? dim = null) => dim is { } d ? Op.Call("squeeze.dim", this, d) : Op.Call("squeeze", this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? Op.Run("squeeze_.dim", this, d) : Op.Run("squeeze_", this);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor roll(long shifts, long? dims = null) => Op.Call("roll", this, new[] { shifts }, dims is { } d ? new[] { d } : Array.Empty<long>());

        public Tensor view(params long[] shape) => Op.Call("view", this, shape);
        public Tensor slice(long dim, long start, long finish, long step) => Op.Call("slice.Tensor", this, dim, start, finish, step);

        /// <summary>The transpose; of a matrix, its rows become columns.</summary>
        public Tensor T => Op.Call("numpy_T", this);
        public Tensor mT => Op.Call("mT", this);

        public Tensor alias() => Op.Call("alias", this);
        public Tensor detach_() => Op.Run("detach_", this);

        public IList<Tensor> nonzero_as_list() => Op.CallList("nonzero_numpy", this);
    }

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Op.Call("einsum", equation, tensors);
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Op.CallList("meshgrid.indexing", tensors.ToArray(), indexing);
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Op.CallList("broadcast_tensors", tensors);
}
