namespace PaT.Cli;

/// <summary>Standard output. Results that cannot be written end the program with an error message.</summary>
internal sealed class ResultWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void OnError(IOException error) =>
        throw new IOException($"cannot write to standard output: {OneLine.Of(error.Message)}", error);
}
