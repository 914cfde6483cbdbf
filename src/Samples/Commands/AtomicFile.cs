namespace Microsoft.ML.PaT.Samples;

/// <summary>Writes a file beside its place first, so that a full disk or a killed process leaves the old file or none, never half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes.</summary>
    /// <param name="path">Where the file goes; replaced when it is there.</param>
    /// <param name="write">Writes it to the path it is given.</param>
    public static void Write(string path, Action<string> write)
    {
        var temporary = path + ".tmp";
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
