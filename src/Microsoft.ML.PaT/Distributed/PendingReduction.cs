namespace Microsoft.ML.PaT.Distributed;

/// <summary>An all-reduce on its way.</summary>
/// <param name="wait">Returns when the result is there; null when it already is.</param>
internal readonly struct PendingReduction(Action? wait)
{
    /// <summary>Waits for the result.</summary>
    public void Wait() => wait?.Invoke();
}
