using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>The products of queries and keys while attention is imported: [parts,queries,keys], a part being a head of a window.</summary>
/// <param name="queries">What the queries are.</param>
/// <param name="keys">What the keys are.</param>
/// <param name="factor">Of all products.</param>
internal sealed class AttentionScores(AttentionPart[] queries, AttentionPart[] keys, double factor) : ImportSource
{
    /// <summary>What the queries are, part by part.</summary>
    public AttentionPart[] Queries { get; } = queries;

    /// <summary>What the keys are, part by part.</summary>
    public AttentionPart[] Keys { get; } = keys;

    /// <summary>Of all products.</summary>
    public double Factor { get; private init; } = factor;

    /// <summary>Added to the products times the factor, [parts,queries,keys]; null for nothing.</summary>
    public float[]? Bias { get; private init; }

    /// <summary>Whether they are weights, which sum to 1 for every query.</summary>
    public bool AreWeights { get; private init; }

    /// <summary>Tokens of a part.</summary>
    public int Tokens => Queries[0].Sites.Length;

    /// <inheritdoc/>
    public override long Count => (long)Queries.Length * Tokens * Tokens;

    /// <summary>The scores plus a constant.</summary>
    public ImportedView Plus(OnnxNode node, ImportedView view, Tensor constant)
    {
        if (AreWeights || view.Factor != 1) throw OnnxImport.Refuse(node, "a sum before the softmax was expected");
        var (numbers, values) = (view.Numbers(), constant.data<float>().ToArray());
        if (numbers.LongLength != Count) throw OnnxImport.Refuse(node, "a sum with every score was expected");
        var bias = Bias?.ToArray() ?? new float[Count];
        for (var i = 0; i < numbers.Length; i++) bias[numbers[i]] += values[i];
        return Same(view, new(Queries, Keys, Factor) { Bias = bias });
    }

    /// <summary>The scores times a constant.</summary>
    public ImportedView Times(OnnxNode node, ImportedView view, Tensor constant)
    {
        using var flat = constant.flatten();
        var values = flat.data<float>().ToArray();
        if (AreWeights || !Array.TrueForAll(values, v => v == values[0])) throw OnnxImport.Refuse(node, "one factor for all scores was expected");
        return Same(view, new(Queries, Keys, Factor * values[0]) { Bias = Bias?.Select(b => b * values[0]).ToArray() });
    }

    /// <summary>The softmax over keys.</summary>
    public ImportedView Softmax(OnnxNode node, ImportedView view)
    {
        if (AreWeights || !view.IsInOrder || view.Factor != 1 || view.Shape[^1] != Tokens) throw OnnxImport.Refuse(node, "a softmax over keys was expected");
        return Same(view, new(Queries, Keys, Factor) { Bias = Bias, AreWeights = true });
    }

    private static ImportedView Same(ImportedView view, AttentionScores scores) => new(scores, view.Shape, view.IsInOrder ? null : view.Index());
}
