namespace PaT.Cli;

/// <summary>Standard output. If results cannot be written, the program ends with an error message.</summary>
internal sealed class ResultWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void OnError(IOException error) =>
        throw new IOException($"cannot write to standard output: {OneLine.Of(error.Message)}", error);
}
