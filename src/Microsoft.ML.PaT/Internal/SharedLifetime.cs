namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Frees a resource at disposal, or when the last call that was using it has ended. Safe from any thread.
/// </summary>
/// <param name="owner">The object that the exception of late calls names.</param>
/// <param name="free">Frees the resource; runs once.</param>
internal sealed class SharedLifetime(object owner, Action free) : IDisposable
{
    private readonly Lock _lock = new();
    private int _calls;
    private bool _disposed;

    /// <summary>Keeps the resource until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public Use Begin()
    {
        var section = ExitGate.Enter();
        lock (_lock)
        {
            if (!_disposed)
            {
                _calls++;
                return new(this, section);
            }
        }
        section.Dispose();
        throw new ObjectDisposedException(owner.GetType().FullName);
    }

    public void Dispose()
    {
        bool isLast;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            isLast = _calls == 0;
        }
        if (isLast) free();
    }

    private void End()
    {
        bool isLast;
        lock (_lock) isLast = --_calls == 0 && _disposed;
        if (isLast) free();
    }

    /// <summary>One call that uses the resource; to be disposed once.</summary>
    public readonly struct Use(SharedLifetime lifetime, ExitGate.Section section) : IDisposable
    {
        public void Dispose()
        {
            lifetime.End();
            section.Dispose();
        }
    }
}
