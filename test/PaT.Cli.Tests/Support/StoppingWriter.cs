namespace PaT.Cli.Tests;

/// <summary>Cancels after the first line that contains a text.</summary>
internal sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value is not null && value.Contains(text, StringComparison.Ordinal)) stop.Cancel();
    }
}
