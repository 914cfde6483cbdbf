using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>Creation, properties, conversion, data access and indexing; shapes and broadcasting by random trial.</summary>
public class TensorTests
{
    [Test]
    public void FactoriesFillAndType()
    {
        Close.To(zeros(2, 2), [0, 0, 0, 0]);
        Close.To(ones([2], ScalarType.Int32), [1, 1]);
        Close.To(full(2, 3, 1.5), [1.5, 1.5, 1.5, 1.5, 1.5, 1.5]);
        Assert.That(full(2, 7).dtype, Is.EqualTo(ScalarType.Int64));
        Assert.That(empty(2, 3, 4, 5).shape, Is.EqualTo(new long[] { 2, 3, 4, 5 }));
        Close.To(arange(2, 8, 3), [2, 5]);
        Assert.That((arange(3).dtype, arange(3.0).dtype), Is.EqualTo((ScalarType.Int64, ScalarType.Float32)));
        Close.To(zeros_like(ones(2)), [0, 0]);
        Close.To(ones_like(zeros([2], ScalarType.Int64)), [1, 1]);
        Close.To(full_like(zeros(2), 4), [4, 4]);
        Assert.That(empty_like(zeros(2, 3)).shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(ones([1], requires_grad: true).requires_grad, Is.True);
        Assert.That(() => zeros([1], names: ["n"]), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void ArraysOfEveryElementTypeBecomeTensors()
    {
        void Check<T>(Tensor made, ScalarType dtype, params T[] elements) where T : unmanaged
        {
            Assert.That(made.dtype, Is.EqualTo(dtype));
            Assert.That(made.data<T>().ToArray(), Is.EqualTo(elements));
        }
        Check(tensor(new[] { true, false }), ScalarType.Bool, true, false);
        Check(tensor(new byte[] { 1, 255 }), ScalarType.Byte, (byte)1, (byte)255);
        Check(tensor(new sbyte[] { -1 }), ScalarType.Int8, (sbyte)-1);
        Check(tensor(new short[] { -300 }), ScalarType.Int16, (short)-300);
        Check(tensor(new[] { 1, 2 }), ScalarType.Int32, 1, 2);
        Check(tensor(new[] { 1L, 2L }), ScalarType.Int64, 1L, 2L);
        Check(tensor(new[] { (Half)0.5 }), ScalarType.Float16, (Half)0.5);
        Check(tensor(new[] { 0.5f }), ScalarType.Float32, 0.5f);
        Check(tensor(new[] { 0.5 }), ScalarType.Float64, 0.5);
        Check(tensor(new[] { new Complex(1, 2) }), ScalarType.ComplexFloat64, new Complex(1, 2));
        Close.To(tensor(new List<float> { 1, 2, 3, 4 }, 2, 2)[1], [3, 4]);
        Close.To(tensor(new[,] { { 1f, 2f }, { 3f, 4f } }).t(), [1, 3, 2, 4]);
        Assert.That(tensor(2.5f).item<float>(), Is.EqualTo(2.5f));
        Close.To(from_array(new[,] { { 1, 2 }, { 3, 4 } }), [1, 2, 3, 4]);
        Assert.That(() => tensor(new[] { 1f, 2f, 3f }, [2, 2]), Throws.ArgumentException);
        var array = new[] { 1f };
        var copy = tensor(array);
        array[0] = 9;
        Close.To(copy, [1]);
    }

    [Test]
    public void PropertiesSayWhatATensorIs()
    {
        var x = zeros(2, 3, 4).permute(2, 0, 1);
        Assert.That((x.dim(), x.ndim, x.Dimensions, x.numel(), x.NumberOfElements), Is.EqualTo((3L, 3L, 3L, 24L, 24L)));
        Assert.That((x.size(0), x.size(-1), x.stride(0), x.stride(-1)), Is.EqualTo((4L, 3L, 1L, 4L)));
        Assert.That(x.stride(), Is.EqualTo(new long[] { 1, 12, 4 }));
        Assert.That((x.is_contiguous(), x.contiguous().is_contiguous()), Is.EqualTo((false, true)));
        Assert.That((x.ElementSize, x.dtype, x.device_type, x.device.ToString()), Is.EqualTo((4L, ScalarType.Float32, DeviceType.CPU, "cpu")));
        Assert.That(zeros(3)[TensorIndex.Slice(1)].storage_offset(), Is.EqualTo(1));
        Assert.That(zeros(2, 3).ToString(), Is.EqualTo("[2x3], type = Float32, device = cpu"));
        Assert.That(x.T.shape, Is.EqualTo(new long[] { 3, 2, 4 }));
    }

    [Test]
    public void ConversionsAndDevices()
    {
        var x = tensor(new[] { 1.7f, -2.2f });
        Assert.That(x.@long().data<long>().ToArray(), Is.EqualTo(new[] { 1L, -2L }));
        Assert.That(x.@double().dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(x.to(ScalarType.Float16).half().dtype, Is.EqualTo(ScalarType.Float16));
        Assert.That(x.type_as(zeros([1], ScalarType.Int32)).dtype, Is.EqualTo(ScalarType.Int32));
        Assert.That((double)tensor(2.5f) + (int)tensor(3L) + ((bool)tensor(true) ? 1 : 0), Is.EqualTo(6.5));
        Assert.That((device("cuda:1").index, device("cpu").type, new Device("cuda").ToString()), Is.EqualTo((1, DeviceType.CPU, "cuda")));
        Assert.That(() => device("nonsense"), Throws.ArgumentException);
        Assert.That(cuda.is_available(), Is.EqualTo(cuda.device_count() > 0));
        if (!cuda.is_available()) Assert.That(() => x.cuda(), Throws.InstanceOf<ExternalException>());
        Assert.That(() => x.item<float>(), Throws.ArgumentException);
        Assert.That(() => x.data<double>(), Throws.ArgumentException);
    }

    [Test]
    public void DataIsReadAndWrittenThroughAnyStride()
    {
        var x = arange(6).reshape(2, 3).t();
        var data = x.data<long>();
        Assert.That(data.ToArray(), Is.EqualTo(new long[] { 0, 3, 1, 4, 2, 5 }));
        Assert.That((data[2, 1], data.Count), Is.EqualTo((5L, 6L)));
        data[0, 1] = 30;
        Assert.That(x[0, 1].item<long>(), Is.EqualTo(30));
        Assert.That(data.ToNDArray(), Is.EqualTo(new long[,] { { 0, 30 }, { 1, 4 }, { 2, 5 } }));
        Assert.That(data.ToList(), Is.EqualTo(data.ToArray()));
        Assert.That(() => data[3, 0], Throws.InstanceOf<IndexOutOfRangeException>());
        var bytes = zeros([2], ScalarType.Int16);
        bytes.bytes = new byte[] { 1, 0, 0, 1 };
        Close.To(bytes, [1, 256]);
        Assert.That(() => x.bytes.Length, Throws.InstanceOf<NotImplementedException>());
    }

    [Test]
    public void OperatorsWithNumbersOnEitherSide()
    {
        var x = tensor(new[] { 1.0, 4.0 });
        Close.To(2 + x, [3, 6]);
        Close.To(10 - x, [9, 6]);
        Close.To(x * 2L, [2, 8]);
        Close.To(8f / x, [8, 2]);
        Close.To(x % 3, [1, 1]);
        Close.To(-x, [-1, -4]);
        Close.To((x > 1) & (x <= 4.0), [0, 1]);
        Close.To((2 < x) | (x == 1), [1, 1]);
        Close.To(~(x != 4), [0, 1]);
        Assert.That(x.Equals(x.clone()), Is.True);
    }

    [Test]
    public void IndexingReadsAndWrites()
    {
        var x = arange(12).reshape(3, 4);
        Close.To(x[1], [4, 5, 6, 7]);
        Close.To(x[^1, 0..2], [8, 9]);
        Close.To(x[TensorIndex.Colon, TensorIndex.Slice(1, null, 2)], [1, 3, 5, 7, 9, 11]);
        Close.To(x[tensor(new[] { 2L, 0L })], [8, 9, 10, 11, 0, 1, 2, 3]);
        Close.To(x[TensorIndex.Ellipsis, TensorIndex.Tensor(tensor(new[] { 3L, 0L }))], [3, 0, 7, 4, 11, 8]);
        Assert.That(x[TensorIndex.None, TensorIndex.Ellipsis].shape, Is.EqualTo(new long[] { 1, 3, 4 }));
        x[1, 2] = tensor(100L);
        x[2] = tensor(new[] { 1L, 2, 3, 4 });
        x[TensorIndex.Colon, TensorIndex.Single(0)] = tensor(-1L);
        Close.To(x, [-1, 1, 2, 3, -1, 5, 100, 7, -1, 2, 3, 4]);
        x[x > 9] = tensor(0L);
        x.index_put_(50, TensorIndex.Single(0), TensorIndex.Slice(2));
        Close.To(x, [-1, 1, 50, 50, -1, 5, 0, 7, -1, 2, 3, 4]);
        Assert.That(() => x[0, 0, 0], Throws.InstanceOf<IndexOutOfRangeException>());
        Assert.That(() => x[7], Throws.InstanceOf<ExternalException>());
    }

    [Test]
    public void BroadcastingFollowsTheRuleOfTrailingDimensions()
    {
        var shapes = Gen.Choose(1, 3).ListOf().Where(l => l.Count is > 0 and <= 4).Select(l => l.Select(n => (long)n).ToArray());
        Prop.ForAll(Arb.From(shapes), Arb.From(shapes), (a, b) =>
        {
            using var scope = NewDisposeScope();
            var expected = Broadcast(a, b);
            if (expected is null)
            {
                Assert.That(() => ones(a) + ones(b), Throws.InstanceOf<ExternalException>());
                return;
            }
            Assert.That((ones(a) + ones(b)).shape, Is.EqualTo(expected));
            var (x, y) = (arange(a.TotalSize()).reshape(a), arange(b.TotalSize()).reshape(b));
            Close.To(x * y, x.expand(expected).clone() * y.expand(expected).clone());
        }).QuickCheckThrowOnFailure();

        static long[]? Broadcast(long[] a, long[] b)
        {
            var result = new long[Math.Max(a.Length, b.Length)];
            for (int i = 1; i <= result.Length; i++)
            {
                long m = i <= a.Length ? a[^i] : 1, n = i <= b.Length ? b[^i] : 1;
                if (m != n && m != 1 && n != 1) return null;
                result[^i] = Math.Max(m, n);
            }
            return result;
        }
    }

    [Test]
    public void ReductionsOfAnyShapeAgreeWithLoops()
    {
        var cases = Gen.Choose(1, 4).Three();
        Prop.ForAll(Arb.From(cases), shape =>
        {
            using var scope = NewDisposeScope();
            var (a, b, c) = shape;
            using var generator = new Generator((ulong)(a * 100 + b * 10 + c));
            var x = randn([a, b, c], ScalarType.Float64, generator: generator);
            var data = x.data<double>();
            var sums = new double[a * c];
            var largest = Enumerable.Repeat(double.NegativeInfinity, a * c).ToArray();
            for (int i = 0; i < a; i++)
                for (int j = 0; j < b; j++)
                    for (int k = 0; k < c; k++)
                    {
                        sums[i * c + k] += data[i, j, k];
                        largest[i * c + k] = Math.Max(largest[i * c + k], data[i, j, k]);
                    }
            Close.To(x.sum(1), sums, 1e-12);
            Close.To(x.max(1).values, largest, 0);
            Close.To(x.mean([1]), sums.Select(s => s / b).ToArray(), 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Count_nonzero_counts_everything_or_along_dimensions()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new float[] { 0, 1, 2, 0, 0, 3 }).view(2, 3);
        Assert.That(x.count_nonzero().item<long>(), Is.EqualTo(3));
        Assert.That(x.count_nonzero([1]).data<long>().ToArray(), Is.EqualTo(new long[] { 2, 1 }));
    }

    [Test]
    public void ErrorsCarryLibtorchsFirstLineAndTheProcessGoesOn()
    {
        foreach (Func<Tensor> wrong in new Func<Tensor>[]
        {
            () => ones(2, 3).matmul(ones(2, 3)),
            () => ones(2).reshape(3),
            () => cat([ones(2), ones(2, 2)]),
            () => nn.functional.conv2d(ones(1, 3, 4, 4), ones(2, 2, 3, 3)),
            () => ones(2).@long().std(),
            () => einsum("ij,jk", ones(2)),
        })
            Assert.That(() => wrong(), Throws.InstanceOf<ExternalException>().With.Message.Not.Contain("\n").And.Message.Length.GreaterThan(10));
        Assert.That(() => ones(2).backward(), Throws.InstanceOf<ExternalException>());
        var gone = ones(1);
        gone.Dispose();
        Assert.That(() => gone + 1, Throws.InvalidOperationException);
    }
}
