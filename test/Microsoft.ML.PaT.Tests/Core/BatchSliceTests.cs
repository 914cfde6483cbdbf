using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Slices contain every image of a batch exactly once.</summary>
public class BatchSliceTests
{
    [Test]
    public void Every_image_of_a_batch_is_with_one_rank() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 100_000).Two()), drawn =>
            {
                var (a, b) = drawn;
                var ranks = 1 + a % 64;
                var total = (long)ranks + b % 8000;
                var slices = Enumerable.Range(0, ranks).Select(r => BatchSlice.Of(total, r, ranks)).ToList();
                return slices[0].First == 0
                    && slices.Sum(s => s.Count) == total
                    && slices.Zip(slices.Skip(1)).All(p => p.Second.First == p.First.First + p.First.Count)
                    && slices.All(s => s.Count >= 1)
                    && slices.Max(s => s.Count) - slices.Min(s => s.Count) <= 1;
            })
            .QuickCheckThrowOnFailure();

    [Test]
    public void A_ring_gives_the_image_before_the_first()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6, dtype: int64);
        Assert.That(new BatchSlice(6, 2, 3).Of(whole, 0).data<long>().ToArray(), Is.EqualTo(new long[] { 2, 3, 4 }));
        Assert.That(
            new BatchSlice(6, 2, 3, IncludesPredecessor: true).Of(whole, 0).data<long>().ToArray(),
            Is.EqualTo(new long[] { 1, 2, 3, 4 }));
        Assert.That(
            new BatchSlice(6, 0, 2, IncludesPredecessor: true).Of(whole, 0).data<long>().ToArray(),
            Is.EqualTo(new long[] { 5, 0, 1 }));
        Assert.That(
            new BatchSlice(6, 0, 2, IncludesPredecessor: true)
                .DropPredecessor(tensor(new long[] { 5, 0, 1 }))
                .data<long>()
                .ToArray(),
            Is.EqualTo(new long[] { 0, 1 }));
    }
}
