using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Serving;

/// <summary>An output of an ONNX model.</summary>
/// <param name="Rank">Scores: 2 for [N,classes], 4 for [N,classes,1,1]. Class: 1 for [N], 2 for [N,1].</param>
/// <param name="IsClass">Whether it is the number of the class with the largest score.</param>
internal sealed record OnnxOutput(string Name, OnnxElementType Type, int Rank, bool IsClass = false)
{
    /// <summary>The dimensions after N.</summary>
    public IEnumerable<long> Shape(int classes) =>
        IsClass ? Enumerable.Repeat(1L, Rank - 1) : [classes, .. Enumerable.Repeat(1L, Rank - 2)];
}
