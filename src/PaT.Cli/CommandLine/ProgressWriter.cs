namespace PaT.Cli;

/// <summary>
/// Standard error. If progress cannot be written, for example because the disk is full or the pipe is closed, the run
/// continues.
/// </summary>
internal sealed class ProgressWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void OnError(IOException error)
    {
        // There is no other stream for the error.
    }
}
