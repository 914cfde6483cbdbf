using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Models whose weights are in files of their own. PatternTests import such a model.</summary>
public class ExternalDataTests
{
    private static readonly float[] s_values = [1, 2, 3];

    [TestCase("weights.bin", null, null)]
    [TestCase("weights.bin", "4", "8")]
    [TestCase("./weights.bin", "0", null)]
    public void Tensors_are_read_from_their_place(string location, string? offset, string? length)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, location, offset, length);
        using var tensor = OnnxModel.Load(path).Constants["conv1.weight"].ToTensor();
        Assert.That(tensor.data<float>().ToArray(), Is.EqualTo(s_values.Skip(offset == "4" ? 1 : 0).Take(2)));
    }

    [TestCase("missing.bin", null, null, "does not exist")]
    [TestCase("../weights.bin", null, null, "not in the folder of the model")]
    [TestCase("/etc/hostname", null, null, "not in the folder of the model")]
    [TestCase("", null, null, "not in the folder of the model")]
    [TestCase("a\0b", null, null, "not in the folder of the model")]
    [TestCase("weights.bin", "8", null, "truncated")]
    [TestCase("weights.bin", "-4", null, "offset '-4'")]
    [TestCase("weights.bin", "4", "x", "length 'x'")]
    [TestCase("weights.bin", "4", "4", "4 bytes in place of 8")]
    public void A_place_that_does_not_exist_is_refused(
        string location, string? offset, string? length, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, location, offset, length);
        var error = Assert.Throws<InvalidFileException>(() => OnnxModel.Load(path));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.OnnxFileInvalid));
        Assert.That(
            error.Message, Does.Contain(path).And.Contain("'conv1.weight'").And.Contain(expected));
    }

    [Test]
    public void The_hash_of_a_model_is_that_of_all_its_files()
    {
        using var folder = new TemporaryFolder();
        var weights = new WeightsFile(Write(folder, "weights.bin", null, null));
        var hash = weights.ComputeHash();
        Assert.That((hash.Length, weights.ComputeHash()), Is.EqualTo((64, hash)));
        File.WriteAllBytes(Path.Combine(folder.Name, "weights.bin"), OnnxGraph.Bytes<float>([1, 2, 4]));
        Assert.That(weights.ComputeHash(), Is.Not.EqualTo(hash));
        File.Delete(Path.Combine(folder.Name, "weights.bin"));
        Assert.That(weights.ComputeHash, Throws.TypeOf<InvalidFileException>());
    }

    [Test]
    public void A_pointer_in_place_of_the_weights_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "weights.bin", "200", null);
        File.WriteAllText(
            Path.Combine(folder.Name, "weights.bin"), "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n");
        Assert.That(
            () => OnnxModel.Load(path),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("Git LFS pointer"));
    }

    [Test]
    public void A_model_in_memory_has_no_other_files()
    {
        using var folder = new TemporaryFolder();
        var model = File.ReadAllBytes(Write(folder, "weights.bin", null, null));
        Assert.That(
            () => OnnxModel.Read(model, "x"),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("model in memory"));
    }

    /// <summary>A model with a tensor of two floats, and beside it a file of three.</summary>
    private static string Write(TemporaryFolder folder, string location, string? offset, string? length)
    {
        const int dims = 1, dataType = 2, name = 8, external = 13, place = 14, graph = 7, initializer = 5;
        File.WriteAllBytes(Path.Combine(folder.Name, "weights.bin"), OnnxGraph.Bytes<float>(s_values));
        var tensor = new ProtoMessage()
            .Integers(dims, [2])
            .Integer(dataType, 1)
            .Text(name, "conv1.weight")
            .Message(external, Entry("location", location))
            .Integer(place, 1);
        if (offset is not null) tensor.Message(external, Entry("offset", offset));
        if (length is not null) tensor.Message(external, Entry("length", length));
        var path = Path.Combine(folder.Name, "model.onnx");
        using var file = File.Create(path);
        var model = new ProtoMessage().Message(graph, new ProtoMessage().Message(initializer, tensor));
        OnnxExporter.Write(file, model);
        return path;
    }

    private static ProtoMessage Entry(string key, string value)
    {
        const int keyField = 1, valueField = 2;
        return new ProtoMessage().Text(keyField, key).Text(valueField, value);
    }
}
