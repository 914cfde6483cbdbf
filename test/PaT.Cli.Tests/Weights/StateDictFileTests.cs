using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PaT.Cli.Tests;

/// <summary>On files of PyTorch 1.13 that state_dicts.py wrote.</summary>
public sealed class StateDictFileTests
{
    private static readonly string s_files = Path.Combine(AppContext.BaseDirectory, "Weights");

    private TemporaryFolder _folder = null!;
    private List<string> _said = null!;

    [SetUp]
    public void Make() => (_folder, _said) = (new(), []);

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("plain.pth")]
    [TestCase("half.pth")]
    [TestCase("checkpoint.pth")]
    public void Values_are_PyTorchs(string name)
    {
        var file = Convert(name);
        using var classifier = ImageClassifier.Create(
            Network(), new WeightsFile(file), input: new(3, 8, 8), normalization: Normalization.ImageNet);
        var saved = _folder.File("saved.safetensors");
        classifier.SaveWeights(saved);
        var content = File.ReadAllBytes(saved);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        using var header = JsonDocument.Parse(content.AsMemory(sizeof(ulong), length));
        Same("conv1.weight", Values(108, 12));
        Same("bn1.running_var", Values(4, 64));
        Same("fc.weight", Values(12, 3));
        Same("fc.bias", Values(3, 1));
        Assert.That(_said.Single(), Does.Contain("7 tensors").And.Contain(file));
        Assert.That(_said[0].Contains("below 'state_dict'"), Is.EqualTo(name == "checkpoint.pth"));

        void Same(string tensor, float[] expected)
        {
            var offsets = header.RootElement.GetProperty(tensor).GetProperty("data_offsets");
            var (from, to) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            var values = content.AsSpan(sizeof(ulong) + length)[from..to];
            Assert.That(MemoryMarshal.Cast<byte, float>(values).ToArray(), Is.EqualTo(expected), tensor);
        }
    }

    [Test]
    public void A_file_is_converted_once()
    {
        var first = Convert("plain.pth");
        var written = File.GetLastWriteTimeUtc(first);
        Assert.That(Convert("plain.pth"), Is.EqualTo(first));
        Assert.That(File.GetLastWriteTimeUtc(first), Is.EqualTo(written));
        Assert.That(_said, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_pickled_module_is_named() => Assert.That(
        () => Convert("module.pth"),
        Throws.TypeOf<InvalidInputFileException>().With.Message.Contains("Expected was a state dict"));

    [Test]
    public void A_view_is_refused_with_the_way_out() => Assert.That(
        () => Convert("views.pth"),
        Throws.TypeOf<InvalidInputFileException>()
            .With.Message.Contains("contiguous()")
            .And.Message.Not.Contains("frame #"));

    [Test]
    public void A_truncated_file_is_named()
    {
        var content = File.ReadAllBytes(Path.Combine(s_files, "plain.pth"));
        _folder.Write("truncated.pth", content[..(content.Length / 2)]);
        Assert.That(
            () => StateDictFile.Is(_folder.File("truncated.pth")),
            Throws.TypeOf<InvalidInputFileException>().With.Message.Contains("truncated.pth is truncated or damaged"));
    }

    [Test]
    public void A_damaged_file_is_named()
    {
        var content = File.ReadAllBytes(Path.Combine(s_files, "plain.pth"));
        content.AsSpan(300, 200).Clear();
        _folder.Write("damaged.pth", content);
        Assert.That(
            () => StateDictFile.ToSafetensors(_folder.File("damaged.pth"), _folder.Path, _said.Add),
            Throws.TypeOf<InvalidInputFileException>().With.Message.Contains("damaged.pth cannot be read"));
    }

    [Test]
    public void The_format_before_1_6_is_left_to_the_library()
    {
        var path = Path.Combine(s_files, "legacy.pth");
        Assert.That(StateDictFile.Is(path), Is.False);
        Assert.That(
            () => ImageClassifier.Create(Network(), new WeightsFile(path), input: new(3, 8, 8)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("before version 1.6"));
    }

    private string Convert(string name)
    {
        var path = Path.Combine(s_files, name);
        Assert.That(StateDictFile.Is(path));
        return StateDictFile.ToSafetensors(path, _folder.Path, _said.Add);
    }

    private static NetworkArchitecture Network()
    {
        var builder = new NetworkBuilder("tiny", new(3, 8, 8));
        var x = builder.Convolution("conv1", NetworkDefinition.InputName, 4, kernel: 3);
        x = builder.Relu("relu", builder.BatchNorm("bn1", x));
        builder.Linear("fc", builder.GlobalAveragePool("pool", x), 3);
        return NetworkArchitecture.Of(builder.Build());
    }

    private static float[] Values(int count, int start) =>
        [.. Enumerable.Range(start, count).Select(i => i / 64f)];
}
