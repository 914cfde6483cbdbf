namespace PaT.Cli;

/// <summary>
/// Standard error. Progress that cannot be written, to a full disk or a closed pipe, does not end a run.
/// </summary>
internal sealed class ProgressWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void OnError(IOException error)
    {
        // There is no other stream to report it on.
    }
}
