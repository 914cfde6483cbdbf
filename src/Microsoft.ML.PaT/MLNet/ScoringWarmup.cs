using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>What the first prediction of a process would wait for, done ahead of it: libtorch is loaded, and what reads a model is compiled.</summary>
internal static class ScoringWarmup
{
    // The system loads one library at a time: begun at once, this would hold up what loads the rest of a model.
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(0.3);

    private static readonly Lazy<Task> s_warming = new(() => Task.Run(async () =>
    {
        await Task.Delay(s_delay).ConfigureAwait(false);
        try
        {
            _ = torch.get_num_threads(); // the cheapest call that has it loaded
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or ExternalException or NotSupportedException)
        {
            return; // Whoever needs it first is told by the same exception.
        }
        // Making the readers of JSON takes .NET longer than reading. No tensors: they would be counted as somebody's.
        _ = SavedModel.Parse(new SavedModel(new(PictureKind.Image, 1, 1, 3, PixelOrder.PlanarRgb), []).ToText());
        _ = NetworkDefinition.FromJson(Networks.ResNet20.Build(Networks.ResNet20.StandardInput, Networks.ResNet20.StandardClasses).ToJson());
    }));

    /// <summary>Begins on another thread and a moment later, once a process; returns at once.</summary>
    public static void Begin() => _ = s_warming.Value;
}
