namespace Microsoft.ML.PaT.Tests;

/// <summary>Networks at random, from a seed: a stem, then layers of every kind, each reading any layer that fits, then a head.</summary>
internal sealed class RandomNetwork
{
    private readonly Random _random;
    private readonly NetworkBuilder _builder;
    private readonly List<string> _values = [];
    private int _count;

    private RandomNetwork(int seed)
    {
        _random = new(seed);
        _builder = new($"random{seed}", new(3, 8, 8));
    }

    public static NetworkDefinition Build(int seed) => new RandomNetwork(seed).Build();

    private NetworkDefinition Build()
    {
        _values.Add(_builder.Convolution(Name(), NetworkDefinition.InputName, Width(), kernel: 3));
        for (int i = 0, layers = _random.Next(4, 16); i < layers; i++) Grow();
        var x = _values[^1];
        x = _random.Next(2) == 0 ? _builder.GlobalAveragePool(Name(), x) : _builder.Flatten(Name(), x);
        if (_random.Next(2) == 0) x = _builder.BatchNorm(Name(), _builder.Linear(Name(), x, Width()));
        _builder.Linear(Name(), _builder.Dropout(Name(), x, 0.5), 3);
        return _builder.Build();
    }

    private void Grow()
    {
        var x = _random.Next(3) == 0 ? Any() : _values[^1];
        var shape = _builder.Shape(x);
        var twins = _values.Where(v => v != x && _builder.Shape(v) == shape).ToList();
        var neighbours = _values.Where(v => _builder.Shape(v).Height == shape.Height && _builder.Shape(v).Width == shape.Width).ToList();
        _values.Add(_random.Next(18) switch
        {
            0 => _builder.Convolution(Name(), x, Width(), kernel: 1, bias: true),
            1 => _builder.Convolution(Name(), x, Width(), kernel: 3, stride: shape.Height > 2 ? 2 : 1),
            2 => _builder.Convolution(Name(), x, Width(), kernel: 3, dilation: 2),
            3 => _builder.Convolution(Name(), x, shape.Channels * (shape.Channels < 24 ? _random.Next(1, 3) : 1), kernel: 3, groups: shape.Channels),
            4 or 5 => Grouped(x),
            6 => _builder.BatchNorm(Name(), x),
            7 or 8 => _builder.Activation(Name(), x, Pick(Enum.GetValues<ActivationFunction>())),
            9 when twins.Count > 0 => _builder.Sum(Name(), x, Pick(twins)),
            9 or 10 => _builder.Residual(Name(), x, y => _builder.Convolution(Name(), _builder.BatchNorm(Name(), y), shape.Channels, kernel: 3)),
            11 when twins.Count > 0 => _builder.Multiply(Name(), x, Pick(twins)),
            11 => _builder.Multiply(Name(), x, _builder.Activation(Name(), _builder.Convolution(Name(), _builder.GlobalAveragePool(Name(), x), shape.Channels, kernel: 1, bias: true), ActivationFunction.HardSigmoid)),
            12 when shape.Channels < 24 => _builder.Concatenate(Name(), x, Pick(neighbours)),
            13 => Shuffle(x),
            14 => _builder.Residual(Name(), x, y => _builder.StochasticDepth(Name(), _builder.Convolution(Name(), y, shape.Channels + 3, kernel: 3), 0.2), y => _builder.ZeroPad(Name(), y, shape.Channels + 3, 1)),
            15 when shape.Height > 2 => _builder.ZeroPad(Name(), x, shape.Channels + 2, stride: 2),
            15 => _builder.Dropout(Name(), x, 0.3),
            16 when shape.Height > 2 => _random.Next(2) == 0 ? _builder.MaxPool(Name(), x, 3, 2, 1, roundUp: true) : _builder.AveragePool(Name(), x, 3, 1, 1),
            _ => _builder.AdaptiveAveragePool(Name(), x, 3, 3),
        });
    }

    private string Grouped(string x)
    {
        var channels = _builder.Shape(x).Channels;
        var groups = Pick(Enumerable.Range(1, channels).Where(g => channels % g == 0).ToList());
        return _builder.Convolution(Name(), x, groups * _random.Next(1, 4), kernel: 3, groups: groups);
    }

    private string Shuffle(string x)
    {
        var order = Enumerable.Range(0, _builder.Shape(x).Channels).ToArray();
        if (_random.Next(2) == 0) _random.Shuffle(order);
        return _builder.SelectChannels(Name(), x, order[_random.Next(order.Length)..]);
    }

    private int Width() => _random.Next(2, 9);

    private string Any() => Pick(_values);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private string Name() => $"layer{_count++}";
}
