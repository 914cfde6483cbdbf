using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

public class TensorBoardLogTests
{
    private static readonly Dictionary<string, byte[]> s_vectors = new()
    {
        ["zeros"] = new byte[32],
        ["ones"] = [.. Enumerable.Repeat((byte)0xFF, 32)],
        ["ascending"] = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
        ["descending"] = [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))],
        ["digits"] = Encoding.ASCII.GetBytes("123456789"),
    };

    // RFC 3720, appendix B.4; the last is the check value of the catalog of CRCs.
    [TestCase("zeros", 0x8A9136AAu)]
    [TestCase("ones", 0x62A8AB43u)]
    [TestCase("ascending", 0x46DD794Eu)]
    [TestCase("descending", 0x113FDB5Cu)]
    [TestCase("digits", 0xE3069283u)]
    public void Checksums_are_those_of_the_standard(string vector, uint expected) =>
        Assert.That(TensorBoardLog.Crc32C(s_vectors[vector]), Is.EqualTo(expected));

    /// <summary>((crc >> 15) | (crc &lt;&lt; 17)) + 0xa282ead8, according to TFRecord's documentation.</summary>
    [Test]
    public void Checksums_are_masked_as_the_format_says()
    {
        const uint crc = 0xE3069283;
        Assert.That(
            TensorBoardLog.MaskedChecksum(s_vectors["digits"]),
            Is.EqualTo(unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8)));
    }

    [Test]
    public void A_run_logs_what_its_report_says()
    {
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(TinyRun.Options with { TensorBoardFolder = folder.Name });
        var log = Read(folder.Name);
        var epochs = run.Report.Epochs;
        Assert.Multiple(() =>
        {
            Assert.That(
                Curve("training/loss"), Is.EqualTo(epochs.Select(e => (6L * (e.Epoch + 1), (float)e.TrainLoss))));
            Assert.That(
                Curve("validation/accuracy"),
                Is.EqualTo(epochs.Select(e => (6L * (e.Epoch + 1), (float)e.Accuracy!.Value))));
            Assert.That(
                Curve("training/learning_rate"),
                Is.EqualTo(epochs.Select(e => (6L * (e.Epoch + 1), (float)e.LearningRate))));
            Assert.That(
                Curve("training/images_per_second"),
                Is.EqualTo(epochs.Select(e => (6L * (e.Epoch + 1), (float)e.ImagesPerSecond))));
            Assert.That(Curve("pruning/channels").First().Value, Is.EqualTo(run.Report.Widths.Values.Sum(w => w[0])));
            Assert.That(Curve("pruning/channels").Last().Value, Is.EqualTo(run.Report.Widths.Values.Sum(w => w[1])));
            Assert.That(
                Curve("pruning/psi"),
                Is.EqualTo(
                    run.Report.Observations.Where(o => o.Psi is not null)
                        .Select(o => ((long)Math.Round(6 * o.At), (float)o.Psi!.Value))));
            Assert.That(Curve("pruning/tau").Select(p => p.Value), Is.Not.Empty.And.All.EqualTo(1f));
        });

        IEnumerable<(long Step, float Value)> Curve(string tag) =>
            log.Where(s => s.Tag == tag).Select(s => (s.Step, s.Value));
    }

    [Test]
    public void A_run_that_goes_on_appends_and_no_step_comes_twice([Values(0, 3, 7, 11)] int keep)
    {
        using var logs = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with
        {
            TensorBoardFolder = logs.Name,
            Checkpoints = new() { Folder = folder.Name, Interval = TimeSpan.FromMilliseconds(1), Keep = 100 },
        };
        using (new TinyRun(options))
        {
        }
        var whole = Read(logs.Name);
        // As after a kill: the log is ahead of the last checkpoint and ends in half a record.
        foreach (var later in folder.Checkpoints.Skip(keep + 1)) File.Delete(later);
        using (var file = File.Open(Path.Combine(logs.Name, TensorBoardLog.FileName), FileMode.Append))
            file.Write([40, 0, 0]);
        using (new TinyRun(options with { Checkpoints = options.Checkpoints with { Resume = true } }))
        {
        }
        var resumed = Read(logs.Name);
        Assert.That(resumed.Select(s => (s.Tag, s.Step)), Is.Unique);
        // The speed differs between runs.
        Assert.That(
            resumed.Where(s => s.Tag != "training/images_per_second"),
            Is.EqualTo(whole.Where(s => s.Tag != "training/images_per_second")));
    }

    [Test]
    public void New_run_replaces_the_log_and_an_unwritable_folder_only_ends_the_log()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { TensorBoardFolder = folder.Name };
        using (new TinyRun(options))
            File.AppendAllText(Path.Combine(folder.Name, TensorBoardLog.FileName), "something else");
        using (new TinyRun(options)) Assert.That(Read(folder.Name).Count(s => s.Tag == "training/loss"), Is.EqualTo(3));

        var occupied = Path.Combine(folder.Name, "file");
        File.WriteAllText(occupied, "");
        using var run = new TinyRun(options with { TensorBoardFolder = occupied });
        Assert.That(run.Report.Epochs, Has.Count.EqualTo(3));
        Assert.That(run.Warnings, Has.Exactly(1).StartsWith("The TensorBoard log"));
    }

    /// <summary>
    /// Reads the file according to TFRecord's documentation (length, its checksum, content, its checksum) and
    /// event.proto.
    /// </summary>
    private static List<(long Step, string Tag, float Value)> Read(string folder)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, TensorBoardLog.FileName));
        var scalars = new List<(long, string, float)>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            Assert.That(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)),
                Is.EqualTo(TensorBoardLog.MaskedChecksum(bytes.AsSpan(at, 8))));
            var content = bytes[(at + 12)..(at + 12 + length)];
            Assert.That(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)),
                Is.EqualTo(TensorBoardLog.MaskedChecksum(content)));
            var record = ProtoFields.Parse(content);
            Assert.That(record.Double(1), Is.GreaterThan(1.5e9), "seconds since 1970");
            Assert.That(record.Has(3), Is.EqualTo(at == 0));
            if (at == 0) Assert.That(record.Text(3), Is.EqualTo("brain.Event:2"));
            else
            {
                scalars.AddRange(
                    record.Message(5).Messages(1).Select(value => (record.Integer(2), value.Text(1), value.Float(2))));
            }
            at += 16 + length;
        }
        return scalars;
    }
}
