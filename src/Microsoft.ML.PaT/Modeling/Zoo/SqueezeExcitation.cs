namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// Squeeze-and-excitation (Hu et al., CVPR 2018): a factor per channel, computed from the means of all channels. Names
/// are torchvision's.
/// </summary>
internal static class SqueezeExcitation
{
    public static string Add(
        NetworkBuilder builder,
        string name,
        string input,
        int squeezed,
        ActivationFunction inner,
        ActivationFunction gate)
    {
        var x = builder.GlobalAveragePool($"{name}.avgpool", input);
        x = builder.Activation(
            $"{name}.activation", builder.Convolution($"{name}.fc1", x, squeezed, kernel: 1, bias: true), inner);
        x = builder.Convolution($"{name}.fc2", x, builder.Shape(input).Channels, kernel: 1, bias: true);
        return builder.Multiply($"{name}.scale", input, builder.Activation($"{name}.gate", x, gate));
    }

    /// <summary>Rounds a width to the nearest multiple of 8, but to at least 0.9 of it, as the MobileNets do.</summary>
    public static int RoundToEight(double width)
    {
        var rounded = Math.Max(8, (int)(width + 4) / 8 * 8);
        return rounded < 0.9 * width ? rounded + 8 : rounded;
    }
}
