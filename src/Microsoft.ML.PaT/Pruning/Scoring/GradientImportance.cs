using Microsoft.ML.PaT.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>A criterion that lives on the gradients of training batches: the mean of what each batch says, over the batches of the last epoch.</summary>
internal abstract class GradientImportance : Importance
{
    private readonly Queue<(Tensor Sum, int Batches)> _past = [];
    private Tensor? _sum;
    private int _batches;

    /// <summary>Whether there was a batch yet.</summary>
    public bool HasGathered => _sum is not null || _past.Count > 0;

    /// <inheritdoc/>
    public override void Gather()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = OfBatch();
        if (_sum is null) _sum = batch.DetachFromDisposeScope();
        else _sum.Plus_(batch);
        _batches++;
    }

    /// <inheritdoc/>
    public override Tensor Score(int stretches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_sum is not null) _past.Enqueue((_sum, _batches));
        (_sum, _batches) = (null, 0);
        while (_past.Count > stretches) _past.Dequeue().Sum.Dispose();
        var total = _past.Aggregate(zeros_like(_past.Peek().Sum), (total, past) => total.Plus_(past.Sum));
        return OfMean(total.Over_(_past.Sum(p => p.Batches))).MoveToOuterDisposeScope();
    }

    /// <summary>What was gathered: a row of sums for each observation, the one under way last, and the batches behind each; nothing before the first batch. Owned by the caller.</summary>
    public Dictionary<string, Tensor> State()
    {
        if (!HasGathered) return [];
        using var scope = NewDisposeScope();
        var present = _sum ?? zeros_like(_past.Peek().Sum);
        return new()
        {
            ["sums"] = stack([.. _past.Select(p => p.Sum), present]).MoveToOuterDisposeScope(),
            ["batches"] = tensor([.. _past.Select(p => (long)p.Batches), _batches]).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    /// <param name="state">What it gave; copied.</param>
    /// <param name="device">Where the gradients are.</param>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, Device device)
    {
        using var scope = NewDisposeScope();
        var sums = state["sums"].to(device).unbind(0);
        var batches = state["batches"].data<long>().ToArray();
        for (var i = 0; i < batches.Length - 1; i++) _past.Enqueue((sums[i].clone().DetachFromDisposeScope(), (int)batches[i]));
        _batches = (int)batches[^1];
        if (_batches > 0) _sum = sums[^1].clone().DetachFromDisposeScope();
    }

    public override void Dispose()
    {
        foreach (var (sum, _) in _past) sum.Dispose();
        _sum?.Dispose();
    }

    /// <summary>What the gradients of the present batch say: a new tensor, of the same shape each time.</summary>
    protected abstract Tensor OfBatch();

    /// <summary>One score a channel, from the mean of <see cref="OfBatch"/>.</summary>
    protected abstract Tensor OfMean(Tensor mean);
}
