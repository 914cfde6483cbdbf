using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor argsort(long dim = -1, bool descending = false) => Op.Call("argsort", this, dim, descending);
        public Tensor msort() => Op.Call("msort", this);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Op.Call2("topk", this, k, dim, largest, sorted);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Op.Call("bucketize.Tensor", this, boundaries, outInt32, right);
    }
}
