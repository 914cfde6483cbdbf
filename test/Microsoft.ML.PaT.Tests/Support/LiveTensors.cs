using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>How many tensors there are before a test that counts them again at its end.</summary>
internal static class LiveTensors
{
    /// <summary>The count, once nothing is left that a test before left to the garbage collector: it would be collected, and missing, in the middle of this one.</summary>
    public static long Before()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
