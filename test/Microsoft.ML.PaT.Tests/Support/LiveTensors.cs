using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

internal static class LiveTensors
{
    /// <summary>
    /// Number of live tensors after a garbage collection: tensors of earlier tests would otherwise be collected during
    /// this one.
    /// </summary>
    public static long Before()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
