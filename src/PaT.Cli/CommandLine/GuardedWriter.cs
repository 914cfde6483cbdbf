using System.Text;

namespace PaT.Cli;

/// <summary>Writes to another writer, which it does not own. Derived types handle its errors.</summary>
internal abstract class GuardedWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    protected abstract void OnError(IOException error);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            OnError(e);
        }
    }
}
