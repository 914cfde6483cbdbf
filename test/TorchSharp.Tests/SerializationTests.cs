using TorchSharp.Tests.Support;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

/// <summary>TorchSharp's file layout, byte by byte, and what is refused.</summary>
public class SerializationTests
{
    [Test]
    public void ATensorIsTypeShapeAndElements()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) tensor(new short[] { 1, -2 }, 1, 2).Save(writer);
        Assert.That(stream.ToArray(), Is.EqualTo(new byte[] { 2, 2, 1, 2, 1, 0, 0xfe, 0xff })); // Int16, two dimensions, 1 and 2, little-endian
    }

    [Test]
    public void LongDimensionsTakeMoreBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) zeros([300], ScalarType.Byte).Save(writer);
        Assert.That(stream.ToArray()[..4], Is.EqualTo(new byte[] { 0, 1, 0xac, 0x02 }));
        Assert.That(stream.Length, Is.EqualTo(304));
    }

    [Test]
    public void AModuleIsACountThenNamesAndTensors()
    {
        using var linear = Linear(1, 1);
        using var stream = new MemoryStream();
        linear.save(stream);
        var bytes = stream.ToArray();
        Assert.That(bytes[..8], Is.EqualTo(new byte[] { 2, 6, (byte)'w', (byte)'e', (byte)'i', (byte)'g', (byte)'h', (byte)'t' }));
        Assert.That(bytes[8..12], Is.EqualTo(new byte[] { 6, 2, 1, 1 }), "Float32, 1x1");
        Assert.That(bytes, Has.Length.EqualTo(8 + 4 + 4 + 5 + 3 + 4));
    }

    private static Module<Tensor, Tensor> Net() => Sequential(Conv2d(1, 2, 3), BatchNorm2d(2), Flatten(), Linear(8, 3));

    [Test]
    public void WhatWasSavedIsLoaded()
    {
        using Module<Tensor, Tensor> a = Net(), b = Net();
        a.call(randn(2, 1, 4, 4)); // moves the running statistics
        var path = Path.GetTempFileName();
        try
        {
            a.save(path);
            var loaded = new Dictionary<string, bool>();
            b.load(path, loadedParameters: loaded);
            Assert.That(loaded.Keys, Is.EqualTo(a.state_dict().Keys));
            Assert.That(loaded.Values, Has.All.True);
            foreach (var (name, value) in a.state_dict()) Close.To(b.state_dict()[name], value, 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void SkippedAndUnknownEntriesAreReadPast()
    {
        using var a = Sequential(("x", Linear(2, 2)), ("y", Linear(2, 1)));
        using var b = Sequential(("y", Linear(2, 1)));
        using var stream = new MemoryStream();
        a.save(stream);
        Assert.That(() => b.load(new MemoryStream(stream.ToArray())), Throws.ArgumentException);
        var before = b.parameters().Last().Numbers();
        b.load(new MemoryStream(stream.ToArray()), strict: false, skip: ["y.bias"]);
        Close.To(b.parameters().First(), a.get_parameter("y.weight")!);
        Close.To(b.parameters().Last(), before, 0);
    }

    [Test]
    public void AnotherShapeOrTypeIsRefused()
    {
        using var stream = new MemoryStream();
        ones(2).Save(new BinaryWriter(stream));
        BinaryReader Again() => new(new MemoryStream(stream.ToArray()));
        Assert.That(() => ones(3).Load(Again()), Throws.ArgumentException.With.Message.Contains("shape"));
        Assert.That(() => ones([2], ScalarType.Int64).Load(Again()), Throws.ArgumentException.With.Message.Contains("type"));
        Assert.That(() => ones(2).Load(new BinaryReader(new MemoryStream(stream.ToArray()[..5]))), Throws.InstanceOf<EndOfStreamException>());
    }
}
