using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>Loading libtorch ahead of its use.</summary>
internal static class Libtorch
{
    // The system loads one library at a time: begun at once, this would hold up what loads the rest of a model.
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(0.3);

    private static readonly Lazy<Task> s_loading = new(() => Task.Run(async () =>
    {
        await Task.Delay(s_delay).ConfigureAwait(false);
        try
        {
            _ = torch.get_num_threads(); // the cheapest call that has it loaded
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or ExternalException or NotSupportedException)
        {
            // Whoever needs it first is told by the same exception.
        }
    }));

    /// <summary>Begins to load libtorch on another thread and a moment later, once a process; returns at once.</summary>
    public static void BeginLoading() => _ = s_loading.Value;
}
