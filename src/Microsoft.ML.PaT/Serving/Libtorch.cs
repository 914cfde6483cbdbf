using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>Loading libtorch ahead of its use.</summary>
internal static class Libtorch
{
    private static readonly Lazy<Task> s_loading = new(() => Task.Run(() =>
    {
        try
        {
            _ = torch.get_num_threads(); // the cheapest call that has it loaded
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or ExternalException or NotSupportedException)
        {
            // Whoever needs it first is told by the same exception.
        }
    }));

    /// <summary>Begins to load libtorch on another thread, once a process; returns at once.</summary>
    public static void BeginLoading() => _ = s_loading.Value;
}
