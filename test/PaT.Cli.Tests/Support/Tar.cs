using System.Formats.Tar;
using System.IO.Compression;

namespace PaT.Cli.Tests;

/// <summary>Makes archives.</summary>
internal static class Tar
{
    public static byte[] Compressed(IEnumerable<(string Name, byte[] Content)> files)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(memory, CompressionLevel.Fastest)))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return memory.ToArray();
    }
}
