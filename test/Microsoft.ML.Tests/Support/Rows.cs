using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Small tables that many tests use.</summary>
internal static class Rows
{
    internal sealed class Animal
    {
        public string Name { get; set; } = "";
        public float Weight { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [0, 0, 0];

        [KeyType(3)]
        public uint Kind { get; set; }
    }

    internal static readonly Animal[] Animals =
    [
        new() { Name = "cat", Weight = 4, Features = [1, 2, 3], Kind = 1 },
        new() { Name = "dog", Weight = 20, Features = [4, 5, 6], Kind = 2 },
        new() { Name = "cat", Weight = 5, Features = [7, 8, 9], Kind = 1 },
        new() { Name = "ant", Weight = 0.001f, Features = [0, 0, 1], Kind = 3 },
        new() { Name = "", Weight = float.NaN, Features = [0, 0, 0], Kind = 0 },
    ];

    internal static IDataView Table(MLContext ml) => ml.Data.LoadFromEnumerable(Animals);

    internal sealed class Indexed
    {
        public int Index { get; set; }
        public string Group { get; set; } = "";
    }

    internal static IDataView Numbers(MLContext ml, int count) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Indexed { Index = i, Group = $"g{i % 50}" }).ToList());

    internal static int[] Indices(this IDataView data) => data.GetColumn<int>("Index").ToArray();

    internal static string[] Texts(this IDataView data, string column) => data.GetColumn<string>(column).ToArray();
}
