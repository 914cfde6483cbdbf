using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class ModelFileTests
{
    private readonly MLContext _ml = new(1);

    private byte[] Saved()
    {
        var stream = new MemoryStream();
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.CopyColumns("Copy", "Key")).Fit(Rows.Table(_ml));
        _ml.Model.Save(model, Rows.Table(_ml).Schema, stream);
        return stream.ToArray();
    }

    private ITransformer Load(byte[] file) => _ml.Model.Load(new MemoryStream(file), out _);

    [Test]
    public void FilesAndStreamsHoldTheSame()
    {
        string path = Path.GetTempFileName();
        try
        {
            _ml.Model.Save(Load(Saved()), Rows.Table(_ml).Schema, path);
            var model = _ml.Model.Load(path, out var schema);
            Assert.That(schema.Select(c => c.Name), Is.EqualTo(Rows.Table(_ml).Schema.Select(c => c.Name)));
            Assert.That(model.Transform(Rows.Table(_ml)).GetColumn<uint>("Copy"), Is.EqualTo(new uint[] { 1, 2, 1, 3, 0 }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void TheSchemaMayBeLeftOut()
    {
        var stream = new MemoryStream();
        _ml.Model.Save(Load(Saved()), null, stream);
        stream.Position = 0;
        _ml.Model.Load(stream, out var schema);
        Assert.That(schema, Is.Null);
    }

    [Test]
    public void SchemaAnnotationsAreKept()
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Conversion.MapKeyToValue("Key").Fit(data), data.Schema, stream);
        stream.Position = 0;
        _ml.Model.Load(stream, out var schema);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Key"].GetKeyValues(ref names);
        Assert.That(names.GetItemOrDefault(2).ToString(), Is.EqualTo("ant"));
    }

    [Test]
    public void WhatIsNoZipIsRefused() => Assert.That(() => Load([1, 2, 3, 4]), Throws.InstanceOf<InvalidDataException>());

    [TestCase(0.3)]
    [TestCase(0.9)]
    public void TruncatedFilesAreRefused(double part)
    {
        var file = Saved();
        Assert.That(() => Load(file[..(int)(file.Length * part)]), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void MissingFile() => Assert.That(() => _ml.Model.Load("/no/such/model.zip", out _), Throws.InstanceOf<IOException>());
}
