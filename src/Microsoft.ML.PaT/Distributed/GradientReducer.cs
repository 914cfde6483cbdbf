using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Adds the gradients of a network up over the ranks. They lie in flat buffers, so a bucket is a slice of one; it sets off as soon as the backward pass has made
/// all of it, while the layers before it are still at work. Of the weights the last layers' come first, as they are made; the norms', which are few, go last and together.
/// </summary>
internal sealed class GradientReducer : IDisposable
{
    private const long LeastBytes = 256 << 10, MostBytes = 25 << 20;
    private const int Buckets = 8;

    private readonly ProcessGroup _ranks;
    private readonly PatHandle _reducer;
    private PatHandle? _exchange;
    private Tensor? _signals;

    /// <summary>Hooks into the backward pass of a network.</summary>
    /// <param name="ranks">Who adds up; not owned.</param>
    /// <param name="network">The network; its gradients are views of its flat buffers, now and later.</param>
    public unsafe GradientReducer(ProcessGroup ranks, TrainableNetwork network)
    {
        (_ranks, Network) = (ranks, network);
        using var scope = NewDisposeScope();
        var (slices, parameters, bucketOf) = (new List<Tensor>(), new List<Tensor>(), new List<int>());
        var total = network.Weights.Gradients.numel() * sizeof(float);
        Fill(network.Weights, Math.Clamp(total / Buckets, LeastBytes, MostBytes));
        Fill(network.Norms, MostBytes);
        var (owners, buckets) = (parameters.Select(p => p.Handle).ToArray(), slices.Select(s => s.Handle).ToArray());
        fixed (IntPtr* owner = owners, bucket = buckets)
        fixed (int* of = bucketOf.ToArray())
        {
            PatNative.Check(NativeMethods.pat_reducer_new(ranks.Gradients, owner, of, owners.Length, bucket, buckets.Length, out var reducer));
            _reducer = new(reducer, NativeMethods.pat_reducer_release);
        }

        void Fill(FlatParameters flat, long bytes)
        {
            var end = flat.Gradients.numel();
            if (end == 0) return;
            var own = new List<Tensor>();
            foreach (var (name, parameter) in flat.Parameters.Reverse())
            {
                own.Add(parameter);
                var start = flat.Offset(name);
                if ((end - start) * sizeof(float) < bytes && start > 0) continue;
                foreach (var member in own)
                {
                    parameters.Add(member);
                    bucketOf.Add(slices.Count);
                }
                slices.Add(flat.Gradients.narrow(0, start, end - start));
                own.Clear();
                end = start;
            }
        }
    }

    /// <summary>The network.</summary>
    public TrainableNetwork Network { get; }

    /// <summary>Buckets that set off before the last backward pass was at its end.</summary>
    public int Early { get; private set; }

    /// <summary>The next backward pass is the last one of a step: what it makes, and what is there already, is added up.</summary>
    /// <param name="loss">This rank's part of the mean loss of the batch.</param>
    /// <param name="stops">Whether this rank wants to stop after the step.</param>
    public void Begin(Tensor loss, bool stops)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _signals = cat([loss.detach().view(1), tensor(new[] { stops ? 1f : 0f }).to(loss.device)], 0).DetachFromDisposeScope();
        _exchange = _ranks.BeginSum(_signals);
        PatNative.Check(NativeMethods.pat_reducer_arm(_reducer.DangerousGetHandle()));
    }

    /// <summary>Waits until the gradients are those of the whole batch: the same bits on every rank.</summary>
    /// <param name="loss">Becomes the mean loss of the whole batch.</param>
    /// <returns>How many ranks want to stop, [], in the caller's scope.</returns>
    /// <exception cref="RanksException">Another rank is lost or hangs.</exception>
    public Tensor Finish(Tensor loss)
    {
        using var noGradient = no_grad();
        PatNative.Check(NativeMethods.pat_reducer_launch_rest(_reducer.DangerousGetHandle(), out var early));
        Early = early;
        using (var exchange = _exchange!) _ranks.Finish(exchange);
        _ranks.Wait((long milliseconds, out int done) => NativeMethods.pat_reducer_wait(_reducer.DangerousGetHandle(), milliseconds, out done));
        using var signals = _signals!;
        loss.copy_(signals[0]);
        return signals[1].clone();
    }

    public void Dispose() => _reducer.Dispose();
}
