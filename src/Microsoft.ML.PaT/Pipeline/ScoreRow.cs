using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>What the mapping of a saved chain adds to a row: the most probable class, and the scores in blocks whose widths are powers of two.</summary>
/// <remarks>
/// The width of a mapping's vector is part of its type and the number of classes is not, so the scores are cut by the binary digits of that
/// number, the low ones first; a built-in concatenation of the blocks then has exactly one value a class. Ten classes: <c>Block1</c> (2), <c>Block3</c> (8).
/// </remarks>
internal sealed class ScoreRow
{
    /// <summary>Digits that a number of classes may have.</summary>
    public const int Blocks = 16;

    /// <summary>Column of the most probable class, counted from 0.</summary>
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

    /// <summary>All columns that the mapping adds.</summary>
    public static string[] AllColumns => [ClassColumn, .. Enumerable.Range(0, Blocks).Select(b => BlockColumn + b)];

    /// <summary>The columns whose concatenation has one value a class.</summary>
    public static string[] BlocksOf(int classes) => [.. Enumerable.Range(0, Blocks).Where(b => (classes >> b & 1) != 0).Select(b => BlockColumn + b)];

    /// <summary>Fills the row.</summary>
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
