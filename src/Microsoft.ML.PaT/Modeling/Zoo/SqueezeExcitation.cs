namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>Squeeze-and-excitation (Hu et al., CVPR 2018): a factor for every channel, made from the means of all, named as torchvision names it.</summary>
internal static class SqueezeExcitation
{
    /// <summary>Adds one.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="name">Name before that of its parts.</param>
    /// <param name="input">What is multiplied.</param>
    /// <param name="squeezed">Channels between the two convolutions.</param>
    /// <param name="inner">The activation between them.</param>
    /// <param name="gate">The activation that makes the factors.</param>
    public static string Add(NetworkBuilder builder, string name, string input, int squeezed, ActivationFunction inner, ActivationFunction gate)
    {
        var x = builder.GlobalAveragePool($"{name}.avgpool", input);
        x = builder.Activation($"{name}.activation", builder.Convolution($"{name}.fc1", x, squeezed, kernel: 1, bias: true), inner);
        x = builder.Convolution($"{name}.fc2", x, builder.Shape(input).Channels, kernel: 1, bias: true);
        return builder.Multiply($"{name}.scale", input, builder.Activation($"{name}.gate", x, gate));
    }

    /// <summary>The multiple of 8 nearest to a width, but at least 0.9 of it: the rounding of the MobileNets.</summary>
    public static int RoundToEight(double width)
    {
        var rounded = Math.Max(8, (int)(width + 4) / 8 * 8);
        return rounded < 0.9 * width ? rounded + 8 : rounded;
    }
}
