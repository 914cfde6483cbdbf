using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The dispose scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? t_manager;

    internal static DisposeScopeManager OfThread => t_manager ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope New() => Current = new DisposeScope(this);

    internal void Created(Tensor tensor)
    {
        if (Current is null)
        {
            Counts.CreatedOutsideScopeCount++;
            return;
        }
        Counts.CreatedInScopeCount++;
        Current.Register(tensor);
    }

    internal void Disposing(Tensor tensor)
    {
        if (tensor.Scope is null) Counts.DisposedOutsideScopeCount++;
        else Counts.DisposedInScopeCount++;
    }

    /// <summary>Scopes usually end in the order opposite to their beginning; one that ends early is taken out of the chain.</summary>
    internal void Remove(DisposeScope scope)
    {
        if (Current == scope)
        {
            Current = scope.Outer;
            return;
        }
        for (var inner = Current; inner is not null; inner = inner.Outer)
        {
            if (inner.Outer != scope) continue;
            inner.Outer = scope.Outer;
            return;
        }
    }
}
