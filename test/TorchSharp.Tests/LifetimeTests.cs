using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp.Tests;

/// <summary>Every native handle is released: after using, after an exception, and by the finaliser. libtorch's side keeps the count.</summary>
public class LifetimeTests
{
    private static long Live
    {
        get
        {
            Status.Check(NativeMethods.sts_tensor_live(out long live));
            return live;
        }
    }

    [Test]
    public void AfterUsing()
    {
        long before = Live;
        using (var x = ones(2))
        using (var y = x + x)
            Assert.That(Live, Is.EqualTo(before + 2));
        Assert.That(Live, Is.EqualTo(before));
    }

    [Test]
    public void AfterAnException()
    {
        long before = Live;
        for (int i = 0; i < 10; i++)
        {
            using var scope = NewDisposeScope();
            Assert.That(() => ones(2, 3).mm(ones(2, 3)), Throws.InstanceOf<ExternalException>());
            Assert.That(() => ones(2).index(TensorIndex.Single(0), TensorIndex.Single(0)), Throws.InstanceOf<IndexOutOfRangeException>());
        }
        Assert.That(Live, Is.EqualTo(before));
    }

    [Test]
    public void AfterTheFinaliser()
    {
        Collect(); // what other tests left to the finaliser
        long before = Live;
        Abandon();
        Assert.That(Live, Is.EqualTo(before + 50));
        Collect();
        Assert.That(Live, Is.EqualTo(before));

        static void Collect()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        // On a thread without a scope: nobody owns these.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Abandon()
        {
            var thread = new Thread(() =>
            {
                for (int i = 0; i < 50; i++) _ = ones(4);
            });
            thread.Start();
            thread.Join();
        }
    }

    [Test]
    public void ATensorInUseOutlivesItsLastManagedReference()
    {
        // No scope holds the intermediates: were they finalised during the call, this would crash or give wrong sums.
        double sum = 0;
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                sum += (ones(64, 64) + ones(64, 64)).matmul(ones(64, 64)).sum().ToDouble();
                if (i % 50 == 0) GC.Collect();
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(sum, Is.EqualTo(300.0 * 128 * 64 * 64));
    }

    [Test]
    public void AHandleThatWasTakenAwayIsReleasedByWhoeverTookIt()
    {
        long before = Live;
        var first = ones(3);
        var handle = first.DecoupleFromNativeHandle();
        Assert.That(() => first.Handle, Throws.InvalidOperationException);
        using (var second = Tensor.UnsafeCreateTensor(handle)) Assert.That(second.sum().ToDouble(), Is.EqualTo(3));
        GC.KeepAlive(first);
        CurrentDisposeScope!.DisposeEverything();
        Assert.That(Live, Is.EqualTo(before));
    }

    [Test]
    public void MemoryOfAnArrayIsUnpinnedWithTheLastTensorOverIt()
    {
        var array = new float[] { 1, 2, 3, 4 };
        Tensor view;
        using (var buffer = frombuffer(array, ScalarType.Float32))
        {
            view = buffer[TensorIndex.Slice(1, 3)];
            array[1] = 20;
        }
        Assert.That(view.data<float>().ToArray(), Is.EqualTo(new float[] { 20, 3 }));
        view.fill_(7);
        Assert.That(array, Is.EqualTo(new float[] { 1, 7, 7, 4 }));
    }

    [Test]
    public void TrainingStepsLeaveTheCountsAsTheyWere()
    {
        using var network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 4, 2));
        using var optimizer = optim.AdamW(network.parameters(), 1e-3);
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(network.call(randn(2, 1, 4, 4)), randint(2, [2])).backward();
            optimizer.step();
        }
        Step();
        long live = Live, managed = Tensor.TotalCount;
        for (int i = 0; i < 50; i++) Step();
        Assert.That((Live, Tensor.TotalCount), Is.EqualTo((live, managed)));
    }
}
