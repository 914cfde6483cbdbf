namespace Microsoft.ML.PaT.Tests;

/// <summary>A random network under construction: the layers so far, and the choices of the current step.</summary>
internal sealed class RandomGrowth(NetworkBuilder builder)
{
    /// <summary>Limit for concatenations and multipliers, which bounds the size of networks.</summary>
    public const int Wide = 24;

    private readonly List<string> _values = [NetworkDefinition.InputName];
    private int _names;

    public NetworkBuilder Builder => builder;

    public Random Random { get; private set; } = new(0);

    /// <summary>The layer that the step reads.</summary>
    public string X { get; private set; } = NetworkDefinition.InputName;

    public ImageShape Shape => builder.Shape(X);

    /// <summary>Whether the image may still be halved.</summary>
    public bool IsLarge => Shape is { Height: > 2, Width: > 2 };

    /// <summary>Another layer of the same shape; null if there is none.</summary>
    public string? Twin => PickOrNull(_values.Where(v => v != X && builder.Shape(v) == Shape));

    /// <summary>A layer of the same height and width, possibly the same one.</summary>
    public string Neighbor =>
        PickOrNull(
            _values.Where(v => builder.Shape(v) is var s && (s.Height, s.Width) == (Shape.Height, Shape.Width)))!;

    public void Begin(int seed, int back)
    {
        Random = new(seed);
        X = _values[_values.Count - 1 - back % _values.Count];
    }

    public void Add(string value) => _values.Add(value);

    /// <summary>Continues the step from a layer that it has added.</summary>
    public string From(string value) => X = value;

    public string Name() => $"layer{_names++}";

    public int Width() => Random.Next(2, 9);

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    private string? PickOrNull(IEnumerable<string> from)
    {
        var list = from.ToList();
        return list.Count == 0 ? null : Pick(list);
    }
}
