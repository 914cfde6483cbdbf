using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// The products of queries and keys during an import: [parts,queries,keys]. A part is a head in a window.
/// </summary>
internal sealed class AttentionScores(AttentionPart[] queries, AttentionPart[] keys, double factor) : ImportSource
{
    public AttentionPart[] Queries { get; } = queries;

    public AttentionPart[] Keys { get; } = keys;

    public double Factor { get; private init; } = factor;

    /// <summary>Added after the factor, [parts,queries,keys]; null for none.</summary>
    public float[]? Bias { get; private init; }

    /// <summary>Whether softmax has been applied.</summary>
    public bool AreWeights { get; private init; }

    /// <summary>Tokens per part.</summary>
    public int Tokens => Queries[0].Sites.Length;

    public override long Count => (long)Queries.Length * Tokens * Tokens;

    /// <summary>Whether queries or keys are channels of a layer. They refer to its tensors as they are later.</summary>
    public bool Reads(LayerSource source) =>
        Array.Exists(Queries, part => part.Source == source) || Array.Exists(Keys, part => part.Source == source);

    public ImportedView Plus(OnnxNode node, ImportedView view, Tensor constant)
    {
        if (AreWeights || view.Factor != 1) throw OnnxImport.Refuse(node, "a sum before the softmax was expected");
        var (numbers, values) = (view.Numbers(), constant.data<float>().ToArray());
        if (numbers.LongLength != Count) throw OnnxImport.Refuse(node, "a sum with every score was expected");
        var bias = Bias?.ToArray() ?? new float[Count];
        for (var i = 0; i < numbers.Length; i++) bias[numbers[i]] += values[i];
        return Same(view, new(Queries, Keys, Factor) { Bias = bias });
    }

    public ImportedView Times(OnnxNode node, ImportedView view, Tensor constant)
    {
        using var flat = constant.flatten();
        var values = flat.data<float>().ToArray();
        if (AreWeights || !Array.TrueForAll(values, v => v == values[0]))
            throw OnnxImport.Refuse(node, "one factor for all scores was expected");
        return Same(view, new(Queries, Keys, Factor * values[0]) { Bias = Bias?.Select(b => b * values[0]).ToArray() });
    }

    public ImportedView Softmax(OnnxNode node, ImportedView view)
    {
        if (AreWeights || !view.IsInOrder || view.Factor != 1 || view.Shape[^1] != Tokens)
            throw OnnxImport.Refuse(node, "a softmax over keys was expected");
        return Same(view, new(Queries, Keys, Factor) { Bias = Bias, AreWeights = true });
    }

    private static ImportedView Same(ImportedView view, AttentionScores scores) =>
        new(scores, view.Shape, view.IsInOrder ? null : view.Index());
}
