using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Tests;

/// <summary>The stand-in's own file format: versioned, and closed.</summary>
public class ModelFormatTests
{
    private readonly MLContext _ml = new(1);

    private MemoryStream Saved()
    {
        var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Rows.Table(_ml)), null, stream);
        return stream;
    }

    private Action Loading(MemoryStream stream) => () =>
    {
        stream.Position = 0;
        _ml.Model.Load(stream, out _);
    };

    private static void Replace(MemoryStream zip, string entry, Func<byte[], byte[]> edit)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true);
        var old = archive.GetEntry(entry)!;
        var content = new MemoryStream();
        using (var stream = old.Open()) stream.CopyTo(content);
        old.Delete();
        using var target = archive.CreateEntry(entry).Open();
        target.Write(edit(content.ToArray()));
    }

    [Test]
    public void UnknownKindsAreRefused()
    {
        var file = Saved();
        Replace(file, "TransformerChain/Model", bytes => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("ValueToKeyMapping", "ValueToKeyMapXing")));
        Assert.That(Loading(file), Throws.InstanceOf<FormatException>().With.Message.Contains("ValueToKeyMapXing"));
    }

    [Test]
    public void NewerVersionsAreRefused()
    {
        var file = Saved();
        int kind = "ValueToKeyMapping".Length + 1;
        Replace(file, "TransformerChain/Model", bytes => { bytes[kind] = 2; return bytes; });
        Assert.That(Loading(file), Throws.InstanceOf<FormatException>().With.Message.Contains("version 2"));
    }

    [Test]
    public void ShortContentIsRefused()
    {
        for (int length = 0; length < 60; length += 7)
        {
            var file = Saved();
            int kept = length;
            Replace(file, "TransformerChain/Model", bytes => bytes[..Math.Min(kept, bytes.Length - 1)]);
            Assert.That(Loading(file), Throws.InstanceOf<FormatException>(), $"{length} bytes");
        }
    }

    [Test]
    public void CountsBeyondTheContentAreRefusedBeforeAllocating()
    {
        var file = Saved();
        // The number of column pairs follows kind and version.
        int count = "ValueToKeyMapping".Length + 1 + 4;
        Replace(file, "TransformerChain/Model", bytes => { bytes[count + 3] = 0x7F; return bytes; });
        Assert.That(Loading(file), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void OtherProducersAreRefused()
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = new StreamWriter(archive.CreateEntry("TrainingInfo/Version.txt").Open())) entry.Write("5.0.0");
        Assert.That(Loading(zip), Throws.InstanceOf<FormatException>());
    }
}
