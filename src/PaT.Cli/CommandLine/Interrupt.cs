using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PaT.Cli;

/// <summary>Turns the first Ctrl-C (or a request to terminate) into a cancellation, so that what there is gets written; the second one ends the program at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private const int UserSignal = 10; // SIGUSR1
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
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
        if (DistributedOptions.IsLaunched)
        {
            // The request to stop that mpirun passes on: at others it kills its processes.
            _signals = [.. _signals, PosixSignalRegistration.Create((PosixSignal)UserSignal, Stop)];
        }
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
