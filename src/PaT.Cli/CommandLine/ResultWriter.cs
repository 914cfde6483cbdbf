using System.Text;

namespace PaT.Cli;

/// <summary>Standard output. Results that cannot be written end the program, with a message that says so.</summary>
internal sealed class ResultWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new IOException($"cannot write to standard output: {OneLine.Of(e.Message)}", e);
        }
    }
}
