using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// The processes that train together, and what they do together: every call is made by all ranks, in the same order. None waits for ever: a rank that is lost or
/// hangs is named, and every other rank ends. Over libtorch's process groups: gloo on a CPU, NCCL between GPUs where libtorch has it. Owns the connections.
/// </summary>
internal sealed class ProcessGroup : IDisposable
{
    private const string What = "Training on several ranks (Training.Distributed)";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<RankInfo> _ranks;
    private readonly RankPulse _pulse;
    private readonly PatHandle _control, _gradients;
    private readonly Patience _patience;
    private (RankState State, string Error) _end = (RankState.Done, "");

    private ProcessGroup(DistributedOptions options, Device device)
    {
        Options = options;
        _patience = new(options.Timeout);
        using var rendezvous = Rendezvous.Meet(options);
        _ranks = rendezvous.Ranks;
        _pulse = rendezvous.StartPulse(_patience);
        try
        {
            PatNative.Check(NativeMethods.pat_group_backends(out _, out var nccl));
            _control = Open(rendezvous, "control", nccl: false);
            // Gradients go their own way, so that no short message waits behind a long one.
            _gradients = Open(rendezvous, "gradients", nccl: nccl != 0 && device.type == DeviceType.CUDA);
            // All are connected, and nobody needs the store any more; rank 0 closes it last.
            _pulse.Meet();
            if (!IsFirst) rendezvous.Dispose();
            _pulse.Meet();
        }
        catch
        {
            _pulse.Leave(RankState.InTrouble);
            _pulse.Dispose();
            throw;
        }
    }

    /// <summary>What was asked for.</summary>
    public DistributedOptions Options { get; }

    /// <summary>The number of this process, from 0.</summary>
    public int Rank => Options.Rank;

    /// <summary>How many there are.</summary>
    public int WorldSize => Options.WorldSize;

    /// <summary>Whether this is rank 0, which writes what is to be written.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>How many run on this machine.</summary>
    public int OnThisMachine => _ranks.Count(r => r.Host == _ranks[Rank].Host);

    /// <summary>How many machines there are.</summary>
    public int Machines => _ranks.DistinctBy(r => r.Host).Count();

    /// <summary>For the native library: the group that gradients go through.</summary>
    public IntPtr Gradients => _gradients.DangerousGetHandle();

    /// <summary>Waits until all ranks are there.</summary>
    /// <param name="options">Who this is; null, or a world of one, for a process alone.</param>
    /// <param name="device">Where the network trains.</param>
    /// <returns>The group; null for a process alone.</returns>
    /// <exception cref="NativeLibraryMissingException">There is no native library, or it cannot do it.</exception>
    /// <exception cref="RanksException">One is missing, the master cannot be reached, or the ranks contradict each other.</exception>
    public static ProcessGroup? Join(DistributedOptions? options, Device device)
    {
        if (options is null or { WorldSize: 1 }) return null;
        PatNative.Require(What);
        PatNative.Check(NativeMethods.pat_group_backends(out var gloo, out _));
        if (gloo == 0) throw new NativeLibraryMissingException($"{What} needs gloo, and libpat_native.so was built without its headers. Install them (Debian: libgloo-dev), delete src/Microsoft.ML.PaT/obj/native, and build again.");
        return new(options, device);
    }

    /// <summary>Adds a tensor up over the ranks, in place. Every rank gets the same bits.</summary>
    public void Sum(Tensor values) => Reduce(values, NativeReduction.Sum);

    /// <summary>The mean over the ranks, in place. Every rank gets the same bits.</summary>
    public void Average(Tensor values)
    {
        Sum(values);
        values.div_(WorldSize);
    }

    /// <summary>The least of a number over the ranks.</summary>
    public long Least(long value) => Reduced(value, NativeReduction.Least);

    /// <summary>The sum of a number over the ranks.</summary>
    public long Sum(long value) => Reduced(value, NativeReduction.Sum);

    /// <summary>Gives all ranks what rank 0 has, in place.</summary>
    public void Broadcast(Tensor values) => OnCpu(values, cpu => Run((out IntPtr work) => NativeMethods.pat_group_broadcast(_control.DangerousGetHandle(), cpu.Handle, root: 0, out work)));

    /// <summary>Gives all ranks the bytes that rank 0 has.</summary>
    /// <param name="bytes">Those of rank 0; ignored on others.</param>
    public byte[] Broadcast(byte[]? bytes)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var length = tensor(new[] { (long)(IsFirst ? bytes!.Length : 0) });
        Broadcast(length);
        var all = IsFirst ? tensor(bytes!, dtype: uint8) : empty([length.item<long>()], dtype: uint8);
        if (all.shape[0] > 0) Broadcast(all);
        return IsFirst ? bytes! : all.bytes.ToArray();
    }

    /// <summary>A text of each rank, by rank.</summary>
    public unsafe string[] Gather(string own)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var bytes = Encoding.UTF8.GetBytes(own);
        var size = Reduced(bytes.Length + sizeof(int), NativeReduction.Greatest);
        var padded = new byte[size];
        BitConverter.TryWriteBytes(padded, bytes.Length);
        bytes.CopyTo(padded, sizeof(int));
        using var mine = tensor(padded, dtype: uint8);
        var all = Enumerable.Range(0, WorldSize).Select(_ => empty([size], dtype: uint8)).ToArray();
        var handles = Array.ConvertAll(all, t => t.Handle);
        fixed (IntPtr* start = handles)
        {
            var at = (IntPtr)start;
            Run((out IntPtr work) => NativeMethods.pat_group_all_gather(_control.DangerousGetHandle(), mine.Handle, (IntPtr*)at, WorldSize, out work));
        }
        return Array.ConvertAll(all, t => t.bytes.ToArray() is var text ? Encoding.UTF8.GetString(text, sizeof(int), BitConverter.ToInt32(text)) : "");
    }

    /// <summary>Sees to it that all ranks say the same.</summary>
    /// <param name="what">What it is about, for the message.</param>
    /// <param name="said">What this rank says: by name, or a hash.</param>
    /// <exception cref="RanksException">They do not; thrown on every rank, with the first difference to rank 0.</exception>
    public void RequireSame(string what, IReadOnlyDictionary<string, string> said)
    {
        var all = Array.ConvertAll(Gather(JsonSerializer.Serialize(said)), text => JsonSerializer.Deserialize<Dictionary<string, string>>(text)!);
        var differences = from r in Enumerable.Range(1, WorldSize - 1)
                          from name in all[0].Keys.Union(all[r].Keys)
                          let first = all[0].GetValueOrDefault(name, "not there")
                          let other = all[r].GetValueOrDefault(name, "not there")
                          where first != other
                          select $"{name} is {other} on rank {r} and {first} on rank 0";
        if (differences.ToList() is { Count: > 0 } found)
            throw new RanksException($"The ranks do not agree on {what}: {string.Join("; ", found.Take(10))}{(found.Count > 10 ? $"; and {found.Count - 10} more" : "")}. Start all of them with the same program, options and data.");
    }

    /// <summary>Waits until all ranks are here, as long as they live: for work that may take one much longer than another, such as reading pictures.</summary>
    public void Meet() => _pulse.Meet();

    /// <summary>Has rank 0 do what takes long, such as a measurement; the others wait as long as it lives, however long that is, and get the result.</summary>
    /// <param name="make">Called on rank 0 alone.</param>
    public byte[] FromFirst(Func<byte[]> make)
    {
        var made = IsFirst ? make() : null;
        Meet();
        return Broadcast(made);
    }

    /// <summary>Batch normalisation by the batches of all ranks together, in training; updates the running statistics.</summary>
    /// <returns>A new tensor, in the caller's scope.</returns>
    public Tensor BatchNorm(Tensor input, Tensor scale, Tensor shift, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon)
    {
        var output = empty(0, device: input.device);
        var group = input.device_type == DeviceType.CUDA ? _gradients : _control;
        PatNative.Check(NativeMethods.pat_batch_norm(group.DangerousGetHandle(), input.Handle, scale.Handle, shift.Handle, runningMean.Handle, runningVariance.Handle, momentum, epsilon, output.Handle));
        return output;
    }

    /// <summary>Begins to add a tensor up over the ranks, in place; it is done when <see cref="Finish"/> returns.</summary>
    public PatHandle BeginSum(Tensor values)
    {
        // Gloo takes what is on the CPU, NCCL what is on a GPU.
        var group = values.device_type == DeviceType.CUDA ? _gradients : _control;
        PatNative.Check(NativeMethods.pat_group_all_reduce(group.DangerousGetHandle(), values.Handle, NativeReduction.Sum, out var work));
        return new(work, NativeMethods.pat_work_release);
    }

    /// <summary>Waits for what <see cref="BeginSum"/> began.</summary>
    public void Finish(PatHandle work) => Wait((long milliseconds, out int done) => NativeMethods.pat_work_wait(work.DangerousGetHandle(), milliseconds, out done));

    /// <summary>Waits for something native, as long as the group is whole.</summary>
    /// <param name="wait">Waits for so many milliseconds at most, and says whether it is done.</param>
    /// <exception cref="RanksException">Another rank is lost or hangs.</exception>
    public void Wait(NativeWait wait)
    {
        var done = 0;
        // What is there at once needs no state.
        if (wait(1, out done) == 0 && done != 0) return;
        _pulse.State = RankState.Waiting;
        while (true)
        {
            _pulse.ThrowIfBroken();
            try
            {
                PatNative.Check(wait((long)s_look.TotalMilliseconds, out done));
            }
            catch (ExternalException e)
            {
                throw _pulse.Explain(e.Message);
            }
            if (done == 0) continue;
            _pulse.State = RankState.Busy;
            return;
        }
    }

    /// <summary>What is behind an error of libtorch in the middle of a step: another rank, or something of this rank's own.</summary>
    /// <param name="e">The error.</param>
    public RanksException Explain(ExternalException e) => _pulse.Explain(e.Message);

    /// <summary>Says how this rank ends, for the others to know.</summary>
    /// <param name="e">Why it cannot go on.</param>
    public void Fail(Exception e) => _end = e is RanksException ? (RankState.InTrouble, e.Message) : (RankState.Failed, e.Message.ReplaceLineEndings(" "));

    /// <inheritdoc/>
    public void Dispose()
    {
        _pulse.Leave(_end.State, _end.Error);
        if (_end.State == RankState.Done)
        {
            _gradients.Dispose();
            _control.Dispose();
        }
        else
        {
            // Work that hangs ends by its own timeout; closing waits for that, and nobody waits for the closing.
            _ = Task.Run(() =>
            {
                _gradients.Dispose();
                _control.Dispose();
            });
        }
        _pulse.Dispose();
    }

    /// <summary>A native function that waits.</summary>
    public delegate int NativeWait(long milliseconds, out int done);

    private delegate int NativeCall(out IntPtr work);

    private PatHandle Open(Rendezvous rendezvous, string name, bool nccl)
    {
        var handle = IntPtr.Zero;
        var opening = Task.Run(() => PatNative.Check(NativeMethods.pat_group_open(
            rendezvous.Store.Handle.DangerousGetHandle(), rendezvous.Prefix + name, Rank, WorldSize, rendezvous.OwnAddress(), Environment.GetEnvironmentVariable("GLOO_SOCKET_IFNAME") ?? "",
            nccl ? 1 : 0, (long)_patience.Collective.TotalMilliseconds, out handle)));
        try
        {
            while (!opening.Wait(s_look)) _pulse.ThrowIfBroken();
        }
        catch (AggregateException e) when (e.InnerException is ExternalException inner)
        {
            throw _pulse.Explain($"connecting to the others from {rendezvous.OwnAddress()} failed: {inner.Message} Are the machines' other ports open to each other? (GLOO_SOCKET_IFNAME names a network interface.)");
        }
        // NCCL connects with its first collective, and needs the store until then.
        if (!nccl) PatNative.Check(NativeMethods.pat_group_forget_store(handle));
        return new(handle, NativeMethods.pat_group_release);
    }

    private long Reduced(long value, NativeReduction reduction)
    {
        using var noGradient = no_grad();
        using var number = tensor(new[] { value });
        Reduce(number, reduction);
        return number.item<long>();
    }

    private void Reduce(Tensor values, NativeReduction reduction) =>
        OnCpu(values, cpu => Run((out IntPtr work) => NativeMethods.pat_group_all_reduce(_control.DangerousGetHandle(), cpu.Handle, reduction, out work)));

    private static void OnCpu(Tensor values, Action<Tensor> use)
    {
        if (values.device_type == DeviceType.CPU && values.is_contiguous())
        {
            use(values);
            return;
        }
        using var cpu = values.detach().cpu().contiguous();
        use(cpu);
        values.copy_(cpu);
    }

    private void Run(NativeCall begin)
    {
        _pulse.ThrowIfBroken();
        PatNative.Check(begin(out var handle));
        using var work = new PatHandle(handle, NativeMethods.pat_work_release);
        Finish(work);
    }
}
