namespace PaT.Cli;

/// <summary>
/// The <c>log.txt</c> of a cell, which the threads that read the output of its process write. An exception on these
/// threads would end the study, so lines for which the disk has no space are dropped.
/// </summary>
internal sealed class CellLog(string path) : IDisposable
{
    private readonly StreamWriter _file = new(path);

    /// <summary>The last line that reports an error, without its prefix; null for none.</summary>
    public string? Error { get; private set; }

    /// <summary>Appends a line. Thread-safe.</summary>
    public void Write(string line)
    {
        const string Prefix = "error: ";
        lock (_file)
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal)) Error = line[Prefix.Length..];
            try
            {
                _file.WriteLine(line);
            }
            catch (IOException)
            {
                // The disk is full.
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // The last lines find no space; the file is closed all the same.
        }
    }
}
