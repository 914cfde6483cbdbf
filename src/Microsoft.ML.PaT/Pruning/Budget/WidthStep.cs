using System.Numerics;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>The width step of a run that gives none. It follows from the network alone (docs/results/widths.md).</summary>
internal static class WidthStep
{
    /// <summary>Widths that a ranking can choose from in the narrowest group, at least.</summary>
    private const int Choices = 8;

    /// <summary>Wider steps gain nothing, in training or scoring.</summary>
    private const int Largest = 8;

    /// <summary>ONNX Runtime computes depthwise convolutions several times slower where widths are no multiple of 4.</summary>
    private const int Depthwise = 4;

    /// <summary>A power of two from 1 to 8: an eighth of the narrowest group; at least 4 with depthwise convolutions.</summary>
    public static int DefaultFor(ChannelGroups groups)
    {
        var narrowest = groups.Groups.Select(g => g.Width).DefaultIfEmpty(1).Min();
        var least = groups.Definition.Layers.OfType<ConvolutionLayer>().Any(c => c.Groups > 1) ? Depthwise : 1;
        return Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(narrowest / Choices + 1)) / 2, least, Largest);
    }
}
