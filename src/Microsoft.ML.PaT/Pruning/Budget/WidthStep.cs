using System.Numerics;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Default width step of a run, derived from the network (docs/results/widths.md).</summary>
internal static class WidthStep
{
    /// <summary>Minimum number of widths to choose from in the narrowest group.</summary>
    private const int Choices = 8;

    /// <summary>Larger steps do not make training or scoring faster.</summary>
    private const int Largest = 8;

    /// <summary>
    /// ONNX Runtime computes depthwise convolutions several times slower if widths are not multiples of 4.
    /// </summary>
    private const int Depthwise = 4;

    /// <summary>
    /// A power of two from 1 to 8: an eighth of the narrowest group; at least 4 with depthwise convolutions.
    /// </summary>
    public static int DefaultFor(ChannelGroups groups)
    {
        var narrowest = groups.Groups.Select(g => g.Width).DefaultIfEmpty(1).Min();
        var least = groups.Definition.Layers.OfType<ConvolutionLayer>().Any(c => c.Depthwise) ? Depthwise : 1;
        return Math.Clamp(1 << BitOperations.Log2((uint)(narrowest / Choices)), least, Largest);
    }
}
