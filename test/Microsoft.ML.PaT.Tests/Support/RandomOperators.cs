namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Operators of random networks. Each entry adds the layers of one operator, or of one block with its own kind of
/// channel coupling, and returns the last; null if it does not fit. A test fails if a kind of layer is in no entry.
/// </summary>
internal static class RandomOperators
{
    /// <summary>
    /// Epsilon of norms; large, because norms of a single channel divide rounding errors by its square root.
    /// </summary>
    private const double Epsilon = 0.01;

    public static IReadOnlyList<Func<RandomGrowth, string?>> All { get; } =
    [
        // Convolutions.
        g => g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 1, bias: true),
        g => g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 3, stride: g.IsLarge ? 2 : 1),
        g => g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 3, dilation: 2),
        g => g.IsLarge ? g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 3, padding: 0) : null,
        g =>
            g.Builder.Convolution(
                g.Name(),
                g.X,
                g.Shape.Channels * (g.Shape.Channels < RandomGrowth.Wide ? g.Random.Next(1, 4) : 1),
                kernel: 3,
                groups: g.Shape.Channels,
                bias: g.Random.Next(2) == 0),
        g => g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 1, kernelWidth: 3, bias: true),
        g => g.Builder.Convolution(g.Name(), g.X, g.Width(), kernel: 3, kernelWidth: 1),
        Grouped,
        g => Grouped(g, g.From(Shuffled(g, from: 0))),

        // Single layers.
        g => g.Builder.BatchNorm(g.Name(), g.X),
        g => g.Builder.Activation(g.Name(), g.X, g.Pick(Enum.GetValues<ActivationFunction>())),
        g => g.Builder.Dropout(g.Name(), g.X, 0.3),
        g => g.Builder.StochasticDepth(g.Name(), g.X, 0.2),
        g => g.IsLarge ? g.Builder.MaxPool(g.Name(), g.X, 3, 2, 1, roundUp: g.Random.Next(2) == 0) : null,
        g => g.IsLarge ? g.Builder.AveragePool(g.Name(), g.X, g.Random.Next(2, 4), g.Random.Next(1, 3), 1) : null,
        g => g.IsLarge ? g.Builder.AveragePool(g.Name(), g.X, 3, 1, 1, excludePadding: true) : null,
        g =>
            g.Shape.Height < RandomGrowth.Wide
                ? g.Builder.PixelPad(g.Name(), g.X, g.Random.Next(2), g.Random.Next(2), 0, 1, g.Random.Next(2))
                : null,
        g =>
            g.Builder.PixelSlice(
                g.Name(),
                g.X,
                g.Shape.Height / 2,
                0,
                (g.Shape.Height + 1) / 2,
                (g.Shape.Width + 1) / 2),
        g =>
            g.IsLarge
                ? g.Builder.PixelSlice(g.Name(), g.X, 1, 0, g.Shape.Height / 2, g.Shape.Width / 2, stride: 2)
                : null,
        g => g.Builder.AdaptiveAveragePool(g.Name(), g.X, 3, 3),
        g => g.Builder.Linear(g.Name(), g.Builder.Flatten(g.Name(), g.X), g.Width()),
        g =>
            g.Builder.Activation(
                g.Name(),
                g.Builder.BatchNorm(
                    g.Name(),
                    g.Builder.Linear(g.Name(), g.Builder.GlobalAveragePool(g.Name(), g.X), g.Width())),
                g.Pick(Enum.GetValues<ActivationFunction>())),

        // Sums: residual blocks with and without projection, norms first, zeros as a shortcut.
        g => g.Twin is { } twin ? g.Builder.Sum(g.Name(), g.X, twin) : null,
        g => g.Builder.Residual(g.Name(), g.X, y => Convolution(g, g.Builder.BatchNorm(g.Name(), y), g.Shape.Channels)),
        g =>
            g.Builder.Residual(
                g.Name(),
                g.X,
                y => g.Builder.StochasticDepth(g.Name(), Convolution(g, y, 5), 0.2),
                y => g.Builder.Convolution(g.Name(), y, 5, kernel: 1)),
        g =>
            g.Builder.Residual(
                g.Name(),
                g.X,
                y => Convolution(g, y, g.Shape.Channels + 3),
                y => g.Builder.ZeroPad(g.Name(), y, g.Shape.Channels + 3, stride: 1)),
        g => g.Builder.ZeroPad(g.Name(), g.X, g.Shape.Channels + g.Random.Next(3), stride: g.IsLarge ? 2 : 1),

        // Products: squeeze-and-excitation, gates of the same shape.
        g => g.Twin is { } twin ? g.Builder.Multiply(g.Name(), g.X, twin) : null,
        SqueezeExcitation,

        // Concatenations, also of a layer with itself, dense blocks, splits, shuffles, channels read twice.
        g => g.Shape.Channels < RandomGrowth.Wide ? g.Builder.Concatenate(g.Name(), g.X, g.Neighbor) : null,
        g =>
            g.Builder.Branches(
                g.Name(),
                g.X,
                y => Convolution(g, y, g.Width()),
                y => g.Builder.AveragePool(g.Name(), y, 1, 1),
                y => g.Builder.Convolution(g.Name(), y, 2, kernel: 1)),
        g =>
            g.Shape.Channels < RandomGrowth.Wide
                ? g.Builder.Concatenate(
                    g.Name(), g.X, Convolution(g, g.Builder.Relu(g.Name(), g.Builder.BatchNorm(g.Name(), g.X)), 3))
                : null,
        g => Shuffled(g, from: g.Random.Next(g.Shape.Channels)),
        g =>
            g.Builder.SelectChannels(
                g.Name(),
                g.X,
                [g.Random.Next(g.Shape.Channels), .. Enumerable.Range(0, g.Shape.Channels)]),
        ShuffleUnit,

        // Norms across channels, factors, linear layers on pixels, attention over pixels and over tokens.
        g => g.Builder.LayerNorm(g.Name(), g.X, Epsilon),
        g => g.Builder.GroupNorm(g.Name(), g.X, Divisor(g, g.Shape.Channels), Epsilon),
        g =>
            g.Builder.Residual(g.Name(), g.X, y =>
                g.Builder.Scale(g.Name(), g.Builder.Linear(g.Name(), y, g.Shape.Channels))),
        g => g.Builder.Attention(g.Name(), g.X, g.Random.Next(1, 4), g.Random.Next(1, 4)),
        g => Attention(g, g.X),
        WindowAttention,
        g => Attention(g, g.Builder.PositionEmbedding(g.Name(), g.Builder.ClassToken(g.Name(), g.X))),
        g => g.Shape.Height == 1 ? g.Builder.SelectToken(g.Name(), g.X, g.Random.Next(g.Shape.Width)) : null,
    ];

    /// <summary>Ends of a network with three classes.</summary>
    public static IReadOnlyList<Action<RandomGrowth>> Heads { get; } =
    [
        g => g.Builder.Linear(g.Name(), g.Builder.GlobalAveragePool(g.Name(), g.X), 3),
        g => g.Builder.Linear(g.Name(), g.Builder.Dropout(g.Name(), g.Builder.Flatten(g.Name(), g.X), 0.5), 3),
        g =>
            g.Builder.Linear(
                g.Name(),
                g.Builder.BatchNorm(g.Name(), g.Builder.Linear(g.Name(), g.Builder.Flatten(g.Name(), g.X), 5)),
                3),
        g =>
            g.Builder.GlobalAveragePool(
                g.Name(),
                g.Builder.Relu(g.Name(), g.Builder.Convolution(g.Name(), g.X, 3, kernel: 1, bias: true))),
    ];

    private static string Convolution(RandomGrowth g, string x, int channels) =>
        g.Builder.Convolution(g.Name(), x, channels, kernel: 3);

    private static string Grouped(RandomGrowth g) => Grouped(g, g.X);

    private static string Attention(RandomGrowth g, string x) => g.Builder.Residual(g.Name(), x, y =>
        {
            var heads = g.Builder.Attention(
                g.Name(), g.Builder.LayerNorm(g.Name(), y, Epsilon), g.Random.Next(1, 4), g.Random.Next(1, 4));
            return g.Builder.Linear(g.Name(), heads, g.Builder.Shape(y).Channels);
        });

    /// <summary>
    /// Pads the image to an even size and divides it into windows of 2x2, rolled or not, or into grids.
    /// </summary>
    private static string? WindowAttention(RandomGrowth g)
    {
        if (!g.IsLarge) return null;
        var even = g.Builder.PixelPad(g.Name(), g.X, 0, 0, g.Shape.Height % 2, g.Shape.Width % 2);
        var grid = g.Random.Next(3) == 0;
        return g.Builder.WindowAttention(
            g.Name(),
            even,
            g.Random.Next(1, 4),
            g.Random.Next(1, 4),
            window: 2,
            shift: grid ? 0 : g.Random.Next(2),
            grid: grid);
    }

    private static int Divisor(RandomGrowth g, int of) =>
        g.Pick(Enumerable.Range(1, of).Where(d => of % d == 0).ToList());

    private static string Grouped(RandomGrowth g, string x)
    {
        var groups = Divisor(g, g.Builder.Shape(x).Channels);
        return g.Builder.Convolution(g.Name(), x, groups * g.Random.Next(1, 4), kernel: 3, groups: groups);
    }

    private static string Shuffled(RandomGrowth g, int from)
    {
        var order = Enumerable.Range(0, g.Shape.Channels).ToArray();
        if (g.Random.Next(2) == 0) g.Random.Shuffle(order);
        return g.Builder.SelectChannels(g.Name(), g.X, order[from..]);
    }

    private static string SqueezeExcitation(RandomGrowth g)
    {
        var squeezed = g.Builder.Relu(
            g.Name(),
            g.Builder.Convolution(g.Name(), g.Builder.GlobalAveragePool(g.Name(), g.X), 2, kernel: 1, bias: true));
        var gate = g.Builder.Convolution(g.Name(), squeezed, g.Shape.Channels, kernel: 1, bias: true);
        return g.Builder.Multiply(
            g.Name(),
            g.X,
            g.Builder.Activation(g.Name(), gate, g.Pick([ActivationFunction.Sigmoid, ActivationFunction.HardSigmoid])));
    }

    /// <summary>One half passes through, the other is convolved; then both are concatenated and shuffled.</summary>
    private static string? ShuffleUnit(RandomGrowth g)
    {
        var channels = g.Shape.Channels;
        if (channels < 2) return null;
        var split = g.Random.Next(1, channels);
        var kept = g.Builder.SelectChannels(g.Name(), g.X, [.. Enumerable.Range(0, split)]);
        var changed = g.Builder.SelectChannels(g.Name(), g.X, [.. Enumerable.Range(split, channels - split)]);
        g.From(
            g.Builder.Concatenate(g.Name(), kept, g.Builder.Relu(g.Name(), Convolution(g, changed, channels - split))));
        return Shuffled(g, from: 0);
    }
}
