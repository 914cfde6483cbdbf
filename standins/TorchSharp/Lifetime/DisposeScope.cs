using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors that are created on its thread while it is the innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly List<Tensor> _tensors = [];
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        Outer = manager.Current;
    }

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount => Alive._tensors.Count;

    public IReadOnlyList<IDisposable> DisposablesView => [.. Alive._tensors];

    private DisposeScope Alive => _disposed ? throw new ObjectDisposedException(nameof(DisposeScope)) : this;

    public bool Contains(IDisposable disposable) => disposable is Tensor tensor && tensor.Scope == this;

    public void Attach(IDisposable disposable) => Attach((IEnumerable<IDisposable>)[disposable]);
    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var scope = Alive;
        var all = disposables.ToList();
        foreach (var disposable in all) scope.Take(Managed(disposable));
        return all;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(Outer, disposable);
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
        => MoveToOther(Outer, first, second);
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
        => MoveToOther(Outer, first, second, third);
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, (IEnumerable<IDisposable>)disposables);
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Alive.Move(scope, disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second));
    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
        => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        _ = Alive;
        foreach (var disposable in disposables.ToList()) Move(scope, disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
        => MoveToOther(null, first, second);
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
        => MoveToOther(null, first, second, third);
    public void Detach(params IDisposable[] disposables) => MoveToOther(null, (IEnumerable<IDisposable>)disposables);
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    public void DisposeEverything() => DisposeEverythingBut([]);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        _ = Alive;
        var keep = inKeep.ToHashSet(ReferenceEqualityComparer.Instance);
        for (int i = _tensors.Count - 1; i >= 0; i--)
            if (keep.Count == 0 || !keep.Contains(_tensors[i])) _tensors[i].Dispose(); // takes itself out of the list
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        _ = Alive;
        if (disposable is Tensor tensor) Release(tensor);
    }

    public void Dispose()
    {
        if (_disposed) return;
        DisposeEverything();
        _manager.Remove(this);
        _disposed = true;
    }

    /// <summary>Registers a tensor that was just created.</summary>
    internal void Register(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.Slot = _tensors.Count;
        _tensors.Add(tensor);
    }

    /// <summary>Takes a tensor out: the last one moves into its place, so that no search is needed.</summary>
    internal bool Release(Tensor tensor)
    {
        if (tensor.Scope != this) return false;
        var last = _tensors[^1];
        _tensors[tensor.Slot] = last;
        last.Slot = tensor.Slot;
        _tensors.RemoveAt(_tensors.Count - 1);
        tensor.Scope = null;
        return true;
    }

    private void Take(Tensor tensor)
    {
        if (tensor.Scope == this) return;
        tensor.Scope?.Release(tensor);
        Register(tensor);
        _manager.Counts.AttachedToScopeCount++;
    }

    private void Move(DisposeScope? scope, IDisposable disposable)
    {
        if (disposable is not Tensor tensor || !Release(tensor)) return;
        if (scope is null) _manager.Counts.DetachedFromScopeCount++;
        else scope.Alive.Register(tensor);
    }

    private static Tensor Managed(IDisposable disposable) => disposable as Tensor
        ?? throw new InvalidOperationException($"A dispose scope manages tensors, not {disposable?.GetType().Name ?? "null"}.");
}
