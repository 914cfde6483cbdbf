using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class SafetensorsTests
{
    [Test]
    public void What_is_written_is_read_back_whatever_the_type_and_shape()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["weight"] = randn([3, 4, 5]),
            ["double"] = randn([2], dtype: float64),
            ["long"] = tensor(new long[] { -1, long.MaxValue }),
            ["bytes"] = tensor(new byte[] { 1, 2, 3 }),
            ["scalar"] = tensor(3.5f),
            ["empty"] = empty([0, 7]),
            ["turned"] = randn([4, 6]).t(),
        };
        var bytes = Write(tensors);
        var back = Safetensors.Read(new MemoryStream(bytes), bytes.Length);
        Assert.That(back.Keys, Is.EquivalentTo(tensors.Keys));
        foreach (var (name, expected) in tensors)
        {
            Assert.That(back[name].dtype, Is.EqualTo(expected.dtype), name);
            Assert.That(back[name].shape, Is.EqualTo(expected.shape), name);
            if (expected.NumberOfElements > 0)
                Assert.That(back[name].bytes.SequenceEqual(expected.contiguous().bytes), Is.True, name);
            back[name].Dispose();
            expected.Dispose();
        }
    }

    [Test]
    public void The_layout_is_the_documented_one()
    {
        using var a = tensor(new[] { 1f, 2f });
        using var b = tensor(new[] { 3f });
        var bytes = Write(new() { ["b"] = b, ["a"] = a });
        var header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.That(header % 8, Is.Zero);
        Assert.That(
            Encoding.UTF8.GetString(bytes, 8, header).TrimEnd(' '),
            Is.EqualTo(
                """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"""
            ));
        Assert.That(bytes[(8 + header)..], Is.EqualTo(new[] { 1f, 2f, 3f }.SelectMany(BitConverter.GetBytes)));
    }

    [Test]
    public void The_same_tensors_give_the_same_bytes()
    {
        using var a = randn([5]);
        using var b = randn([2, 2]);
        Assert.That(Write(new() { ["x"] = a, ["y"] = b }), Is.EqualTo(Write(new() { ["y"] = b, ["x"] = a })));
    }

    [Test]
    public void Files_of_other_programs_are_read_with_metadata_and_any_order_of_names()
    {
        var bytes = File(
            """{"__metadata__":{"format":"pt"},"z":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]}}   """,
            new byte[12]);
        var back = Safetensors.Read(new MemoryStream(bytes), bytes.Length);
        Assert.That(back.Keys, Is.EquivalentTo(new[] { "z", "a" }));
        Assert.That(back["a"].dtype, Is.EqualTo(float16));
        foreach (var tensor in back.Values) tensor.Dispose();
    }

    private static readonly object[] s_hostile =
    [
        new object[] { "no file at all", Array.Empty<byte>() },
        new object[] { "a header longer than the file", File("{}", [], claimed: 1000) },
        new object[] { "a header of 2^63 bytes", File("{}", [], claimed: 1UL << 63) },
        new object[] { "no JSON", File("hello", []) },
        new object[] { "a JSON array", File("[]", []) },
        new object[] { "deep JSON", File(new string('[', 100_000), []) },
        new object[] { "a number instead of a tensor", File("""{"a":1}""", []) },
        new object[] { "no shape", File("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", new byte[4]) },
        new object[] { "one offset", File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", new byte[4]) },
        new object[]
        {
            "a fraction in the shape",
            File("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", new byte[4]),
        },
        new object[]
        {
            "a negative dimension",
            File("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", new byte[4]),
        },
        new object[]
        {
            "a shape that overflows",
            File("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", new byte[4]),
        },
        new object[]
        {
            "no elements, and strides that overflow",
            File(
                """{"a":{"dtype":"F32","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""",
                []),
        },
        new object[]
        {
            "a shape of a terabyte",
            File("""{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}""", new byte[4]),
        },
        new object[]
        {
            "an unknown type",
            File("""{"a":{"dtype":"PICKLE","shape":[1],"data_offsets":[0,4]}}""", new byte[4]),
        },
        new object[]
        {
            "offsets backwards",
            File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", new byte[4]),
        },
        new object[] { "a gap", File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", new byte[8]) },
        new object[]
        {
            "an overlap",
            File(
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
                new byte[4]),
        },
        new object[]
        {
            "a name twice",
            File(
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
                new byte[8]),
        },
        new object[]
        {
            "bytes left over",
            File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[8]),
        },
        new object[]
        {
            "too few bytes",
            File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[4]),
        },
    ];

    [TestCaseSource(nameof(s_hostile))]
    public void Damaged_and_hostile_files_are_refused(string what, byte[] file) =>
        Assert.That(
            () => Safetensors.Read(new MemoryStream(file), file.Length), Throws.TypeOf<InvalidFileException>(), what);

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        using var a = randn([7]);
        var bytes = Write(new() { ["a"] = a });
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(
                () => Safetensors.Read(new MemoryStream(bytes, 0, length), length),
                Throws.TypeOf<InvalidFileException>());
            Assert.That(
                () => Safetensors.Read(new MemoryStream(bytes, 0, length), bytes.Length),
                Throws.TypeOf<InvalidFileException>(),
                "the length given is a lie");
        }
    }

    private static byte[] Write(Dictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);
        return stream.ToArray();
    }

    private static byte[] File(string header, byte[] data, ulong? claimed = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, claimed ?? (ulong)Encoding.UTF8.GetByteCount(header));
        return [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data];
    }
}
