namespace Microsoft.ML.PaT.Distributed;

/// <summary>An all-reduce that was started.</summary>
/// <param name="wait">Returns when the result is complete; null if it already is.</param>
internal readonly struct PendingReduction(Action? wait)
{
    public void Wait() => wait?.Invoke();
}
