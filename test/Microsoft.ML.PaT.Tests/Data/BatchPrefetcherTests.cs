using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class BatchPrefetcherTests
{
    private static readonly long[] s_starts = [4, 14, 25, 25, 37, 48];

    [TestCase(false)]
    [TestCase(true)]
    public void Batches_come_in_order_with_the_images_asked_for(bool onDisk)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var memory = TinyImages.Store(60);
        using var disk = TinyImages.OnDisk(memory, Path.Combine(folder.Name, "a.images"));
        using var generator = new Generator(1);
        var order = randperm(60, dtype: int64, generator: generator);
        using var ahead = new BatchPrefetcher(onDisk ? disk : memory, order, s_starts);
        for (var i = 0; i + 1 < s_starts.Length; i++)
        {
            Assert.That(ahead.Next, Is.EqualTo(i));
            var batch = ahead.Take();
            Assert.That(
                batch.bytes.SequenceEqual(
                    memory.Read(order.narrow(0, s_starts[i], s_starts[i + 1] - s_starts[i])).bytes),
                Is.True,
                $"batch {i}");
        }
        Assert.That(ahead.Take, Throws.InvalidOperationException);
    }

    [Test]
    public void An_error_comes_where_its_batch_would_have_been()
    {
        using var folder = new TemporaryFolder();
        using var memory = TinyImages.Store(60);
        var file = Path.Combine(folder.Name, "a.images");
        using var disk = TinyImages.OnDisk(memory, file);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(4096 + 30 * 192);
        using var order = arange(60, dtype: int64);
        using var ahead = new BatchPrefetcher(disk, order, [0, 10, 20, 30, 40, 50]);
        for (var i = 0; i < 3; i++) ahead.Take().Dispose();
        Assert.That(ahead.Take, Throws.TypeOf<InvalidFileException>());
        Assert.That(ahead.Take, Throws.TypeOf<InvalidFileException>(), "and again");
    }

    [Test]
    public void Left_in_the_middle_it_ends_and_leaves_no_tensor()
    {
        using var memory = TinyImages.Store(60);
        using var order = arange(60, dtype: int64);
        var live = LiveTensors.Before();
        for (var taken = 0; taken < 4; taken++)
        {
            using var ahead = new BatchPrefetcher(memory, order, [.. Enumerable.Range(0, 21).Select(i => 3L * i)]);
            for (var i = 0; i < taken; i++) ahead.Take().Dispose();
        }
        Assert.That(Tensor.TotalCount, Is.EqualTo(live));
    }
}
