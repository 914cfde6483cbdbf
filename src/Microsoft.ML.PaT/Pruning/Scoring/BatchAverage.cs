using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Mean of a tensor over the training batches of the last observations. Owns its tensors.</summary>
internal sealed class BatchAverage : IDisposable
{
    private readonly Queue<(Tensor Sum, int Batches)> _past = [];
    private Tensor? _sum;
    private int _batches;

    public bool IsEmpty => _sum is null && _past.Count == 0;

    /// <param name="batch">Copied: a criterion may return a gradient itself.</param>
    public void Add(Tensor batch)
    {
        if (_sum is null) _sum = batch.clone().DetachFromDisposeScope();
        else _sum.Plus_(batch);
        _batches++;
    }

    /// <summary>Ends an observation.</summary>
    /// <param name="observations">Number of recent observations to average over.</param>
    /// <returns>The mean, in the caller's dispose scope.</returns>
    public Tensor Observe(int observations)
    {
        using var scope = NewDisposeScope();
        if (_sum is not null) _past.Enqueue((_sum, _batches));
        (_sum, _batches) = (null, 0);
        while (_past.Count > observations) _past.Dequeue().Sum.Dispose();
        var total = _past.Aggregate(zeros_like(_past.Peek().Sum), (total, past) => total.Plus_(past.Sum));
        return total.Over_(_past.Sum(p => p.Batches)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Sum of each observation, the current one last, and number of its batches; empty before the first batch. Owned by
    /// the caller.
    /// </summary>
    public Dictionary<string, Tensor> State()
    {
        if (IsEmpty) return [];
        using var scope = NewDisposeScope();
        var present = _sum ?? zeros_like(_past.Peek().Sum);
        return new()
        {
            ["sums"] = stack([.. _past.Select(p => p.Sum), present]).MoveToOuterDisposeScope(),
            ["batches"] = tensor([.. _past.Select(p => (long)p.Batches), _batches]).MoveToOuterDisposeScope(),
        };
    }

    /// <summary>Restores the result of <see cref="State"/>.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, Device device)
    {
        using var scope = NewDisposeScope();
        var sums = state["sums"].to(device).unbind(0);
        var batches = state["batches"].data<long>().ToArray();
        for (var i = 0; i < batches.Length - 1; i++)
            _past.Enqueue((sums[i].clone().DetachFromDisposeScope(), (int)batches[i]));
        _batches = (int)batches[^1];
        if (_batches > 0) _sum = sums[^1].clone().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (sum, _) in _past) sum.Dispose();
        _sum?.Dispose();
    }
}
