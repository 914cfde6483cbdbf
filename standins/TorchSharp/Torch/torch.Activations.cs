using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor sigmoid(Tensor x) => x.sigmoid();
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => Op.Call("softmax.int", input, dim, dtype);
}
