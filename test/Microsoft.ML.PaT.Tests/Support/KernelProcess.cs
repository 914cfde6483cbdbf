using System.Runtime.Intrinsics;
using Microsoft.ML.PaT.Training.Kernels;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A process that may have narrower vectors than the machine; checks fused norms.</summary>
internal static class KernelProcess
{
    public static int Main()
    {
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        foreach (var activation in NormCase.Activations)
        {
            foreach (var channels in new[] { 1, 3, 8, 11, 16, 33 })
                new NormCase([5, channels, 7, 9], activation, Residual: channels % 2 == 1).Check();
        }
        Console.WriteLine($"{width} {NormLoops.Of(null).Lanes * 32}");
        return 0;
    }
}
