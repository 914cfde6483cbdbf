using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone() => Op.Call("clone", this);
        public Tensor detach() => Op.Call("detach", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Op.Run("copy_", this, source, nonBlocking);
        public Tensor zero_() => Op.Run("zero_", this);
        public Tensor fill_(Scalar value) => Op.Run("fill_.Scalar", this, value);
    }
}
