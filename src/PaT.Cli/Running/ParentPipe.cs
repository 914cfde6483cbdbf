namespace PaT.Cli;

/// <summary>
/// Stops this program when its standard input ends. The process that starts it holds the other end of the pipe, which
/// closes when that process ends, even by a kill.
/// </summary>
internal static class ParentPipe
{
    /// <summary>Name of the option by which a process is started so.</summary>
    public const string Option = "--attached";

    public const string Description = "Stop when standard input ends";

    public static void StopWithInput(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        var reader = new Thread(() =>
        {
            while (input.ReadByte() >= 0)
            {
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The program has finished.
            }
        });
        (reader.IsBackground, reader.Name) = (true, "parent");
        reader.Start();
    }
}
