namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// Vision transformers (Dosovitskiy et al., ICLR 2021): patches as tokens, preceded by a class token, and blocks of
/// attention and two linear layers with GELU, each with a layer-norm before and a shortcut around it. Names are
/// torchvision's; tiny and small have the sizes of DeiT (Touvron et al., ICML 2021). The position embedding has the
/// size that the images require.
/// </summary>
internal static class VisionTransformer
{
    private const double Epsilon = 1e-6;

    public static IEnumerable<NetworkArchitecture> All =>
    [
        OfSize("vit_tiny_16", width: 192, heads: 3),
        OfSize("vit_small_16", width: 384, heads: 6),
        OfSize("vit_b_16", width: 768, heads: 12),
    ];

    /// <summary>Builds a network of any size.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="patch">Height and width of a patch, in pixels.</param>
    /// <param name="depth">Number of blocks.</param>
    /// <param name="heads">Number of attention heads; must divide the width.</param>
    internal static NetworkDefinition Build(
        string name, ImageShape input, int classes, int patch, int width, int depth, int heads)
    {
        if (input.Height % patch != 0 || input.Width % patch != 0)
        {
            throw new InvalidOptionsException(
                ErrorCodes.ImageSizeUnfit,
                $"Network '{name}' cuts images into patches of {patch}x{patch} pixels and has a position embedding "
                    + $"for each; {input.Height}x{input.Width} pixels do not divide into them. Use a height and a "
                    + $"width that are multiples of {patch}.");
        }
        var builder = new NetworkBuilder(name, input);
        var x = builder.Convolution(
            "conv_proj", NetworkDefinition.InputName, width, kernel: patch, stride: patch, padding: 0, bias: true);
        x = builder.PositionEmbedding("encoder.pos_embedding", builder.ClassToken("class_token", x));
        for (var i = 0; i < depth; i++) x = Block(builder, $"encoder.layers.encoder_layer_{i}", x, heads);
        // A layer-norm processes every token separately, so only the class token needs it.
        x = builder.LayerNorm("encoder.ln", builder.SelectToken("token", x), Epsilon);
        builder.Linear("heads.head", x, classes);
        return builder.Build();
    }

    private static NetworkArchitecture OfSize(string name, int width, int heads) =>
        new(name, new(3, 224, 224), (input, classes) =>
            Build(name, input, classes, patch: 16, width, depth: 12, heads));

    private static string Block(NetworkBuilder builder, string name, string input, int heads)
    {
        var width = builder.Shape(input).Channels;
        var tokens = builder.Residual($"{name}.add_1", input, x =>
        {
            x = builder.LayerNorm($"{name}.ln_1", x, Epsilon);
            x = builder.Attention($"{name}.self_attention", x, heads, width / heads);
            return builder.Linear($"{name}.self_attention.out_proj", x, width);
        });
        return builder.Residual($"{name}.add_2", tokens, x =>
        {
            x = builder.Linear($"{name}.mlp.0", builder.LayerNorm($"{name}.ln_2", x, Epsilon), 4 * width);
            return builder.Linear(
                $"{name}.mlp.3", builder.Activation($"{name}.mlp.1", x, ActivationFunction.Gelu), width);
        });
    }
}
