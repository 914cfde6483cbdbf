using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PaT.Cli;

/// <summary>
/// Converts the first Ctrl-C, termination request or closed terminal to a cancellation, so that the command can write
/// finished work. The second Ctrl-C or termination request ends the program immediately.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const int UserSignal = 10; // SIGUSR1
    private const int HungUp = 129;
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(0.5);
    private readonly CancellationTokenSource _source = new();
    private readonly TextWriter _error;
    private readonly PosixSignalRegistration[] _signals;
    private long _first;
    private PosixSignal _signal = PosixSignal.SIGINT;

    /// <param name="error">Receives a line when the program stops.</param>
    public Interrupt(TextWriter error)
    {
        _error = error;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        // mpirun forwards this signal; for other signals it kills its processes.
        if (DistributedOptions.IsLaunched) signals = [.. signals, (PosixSignal)UserSignal];
        _signals = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Stop));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of a program that the signal stopped, as in shells: 128 plus its number.</summary>
    public int ExitCode => _signal switch
    {
        PosixSignal.SIGTERM => PatCommandLine.Terminated,
        PosixSignal.SIGHUP => HungUp,
        _ => PatCommandLine.Stopped,
    };

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            _signal = context.Signal;
            _first = Stopwatch.GetTimestamp();
            _error.WriteLine("stopping; Ctrl-C again ends the program immediately");
            _source.Cancel();
        }
        else if (context.Signal == PosixSignal.SIGHUP || Stopwatch.GetElapsedTime(_first) < s_together)
        {
            // A terminal signals every process of a group, and the process that started this one signals it too. When a
            // terminal closes, the shell and the system both send the signal.
            context.Cancel = true;
        }
        else if (Consoles.IsTerminal(_error))
        {
            // A live line hides the cursor, and nothing else would show it again.
            _error.Write("\u001b[?25h");
        }
    }
}
