using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PaT.Cli;

/// <summary>Turns the first Ctrl-C (or a request to terminate) into a cancellation, so that what there is gets written; the second one ends the program at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(0.5);
    private readonly CancellationTokenSource _source = new();
    private readonly TextWriter _error;
    private readonly PosixSignalRegistration[] _signals;
    private long _first;

    /// <summary>Starts listening.</summary>
    /// <param name="error">Where the one line about stopping goes.</param>
    public Interrupt(TextWriter error)
    {
        _error = error;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Canceled by the first Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            if (Stopwatch.GetElapsedTime(_first) < s_together)
            {
                // A terminal tells every process of a group, and the process that started this one tells it too.
                context.Cancel = true;
                return;
            }

            if (Consoles.IsTerminal(_error))
            {
                // A live line hides the cursor, and nothing that would show it again gets to run.
                _error.Write("\u001b[?25h");
            }

            return;
        }

        context.Cancel = true;
        _first = Stopwatch.GetTimestamp();
        _error.WriteLine("stopping, then writing what there is; Ctrl-C again ends at once");
        _source.Cancel();
    }
}
