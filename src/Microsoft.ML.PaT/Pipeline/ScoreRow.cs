using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Columns that the mapping of a saved chain adds: the predicted class, and the scores in blocks. The width of a block
/// is a power of two.
/// </summary>
/// <remarks>
/// The width of a mapping's vector is part of its type, but the number of classes is not. Therefore each binary digit
/// of that number, the lowest first, gets a block, and a built-in transformer concatenates the blocks. With ten
/// classes: <c>Block1</c> (2), <c>Block3</c> (8).
/// </remarks>
internal sealed class ScoreRow
{
    /// <summary>Maximum number of binary digits in the number of classes.</summary>
    public const int Blocks = 16;

    /// <summary>Column of the predicted class, counted from 0.</summary>
    public const string ClassColumn = "PaT.Class";

    private const string BlockColumn = "PaT.Block";

    [ColumnName(ClassColumn)]
    public int Class { get; set; }

    [ColumnName(BlockColumn + "0"), VectorType(1 << 0)]
    public float[] Block0 { get; set; } = [];

    [ColumnName(BlockColumn + "1"), VectorType(1 << 1)]
    public float[] Block1 { get; set; } = [];

    [ColumnName(BlockColumn + "2"), VectorType(1 << 2)]
    public float[] Block2 { get; set; } = [];

    [ColumnName(BlockColumn + "3"), VectorType(1 << 3)]
    public float[] Block3 { get; set; } = [];

    [ColumnName(BlockColumn + "4"), VectorType(1 << 4)]
    public float[] Block4 { get; set; } = [];

    [ColumnName(BlockColumn + "5"), VectorType(1 << 5)]
    public float[] Block5 { get; set; } = [];

    [ColumnName(BlockColumn + "6"), VectorType(1 << 6)]
    public float[] Block6 { get; set; } = [];

    [ColumnName(BlockColumn + "7"), VectorType(1 << 7)]
    public float[] Block7 { get; set; } = [];

    [ColumnName(BlockColumn + "8"), VectorType(1 << 8)]
    public float[] Block8 { get; set; } = [];

    [ColumnName(BlockColumn + "9"), VectorType(1 << 9)]
    public float[] Block9 { get; set; } = [];

    [ColumnName(BlockColumn + "10"), VectorType(1 << 10)]
    public float[] Block10 { get; set; } = [];

    [ColumnName(BlockColumn + "11"), VectorType(1 << 11)]
    public float[] Block11 { get; set; } = [];

    [ColumnName(BlockColumn + "12"), VectorType(1 << 12)]
    public float[] Block12 { get; set; } = [];

    [ColumnName(BlockColumn + "13"), VectorType(1 << 13)]
    public float[] Block13 { get; set; } = [];

    [ColumnName(BlockColumn + "14"), VectorType(1 << 14)]
    public float[] Block14 { get; set; } = [];

    [ColumnName(BlockColumn + "15"), VectorType(1 << 15)]
    public float[] Block15 { get; set; } = [];

    public static string[] AllColumns => [ClassColumn, .. Enumerable.Range(0, Blocks).Select(b => BlockColumn + b)];

    /// <summary>Columns whose concatenation has one value per class.</summary>
    public static string[] BlocksOf(int classes) =>
        [.. Enumerable.Range(0, Blocks).Where(b => (classes >> b & 1) != 0).Select(b => BlockColumn + b)];

    public void Set(ReadOnlySpan<float> scores)
    {
        Class = ScoreBuffer.ArgMax(scores);
        var (n, at) = (scores.Length, 0);
        Block0 = Take(scores, 0);
        Block1 = Take(scores, 1);
        Block2 = Take(scores, 2);
        Block3 = Take(scores, 3);
        Block4 = Take(scores, 4);
        Block5 = Take(scores, 5);
        Block6 = Take(scores, 6);
        Block7 = Take(scores, 7);
        Block8 = Take(scores, 8);
        Block9 = Take(scores, 9);
        Block10 = Take(scores, 10);
        Block11 = Take(scores, 11);
        Block12 = Take(scores, 12);
        Block13 = Take(scores, 13);
        Block14 = Take(scores, 14);
        Block15 = Take(scores, 15);

        float[] Take(ReadOnlySpan<float> all, int block)
        {
            if ((n >> block & 1) == 0) return [];
            var part = all.Slice(at, 1 << block).ToArray();
            at += part.Length;
            return part;
        }
    }
}
