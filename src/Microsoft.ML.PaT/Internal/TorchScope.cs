using TorchSharp;

namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Turns gradients on for the calling thread, whatever the application has set, and restores the application's gradient
/// mode and number of threads at disposal.
/// </summary>
internal sealed class TorchScope : IDisposable
{
    private readonly ExitGate.Section _section = Enter();
    private readonly int _threads = torch.get_num_threads();
    private readonly IDisposable _normal = torch.inference_mode(false);
    private readonly IDisposable _gradients = torch.enable_grad();

    /// <summary>Sets the number of threads of operators on the CPU until disposal.</summary>
    public static void UseThreads(int threads)
    {
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    }

    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    private static ExitGate.Section Enter()
    {
        TorchLibrary.Require();
        return ExitGate.Enter();
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _normal.Dispose();
        UseThreads(_threads);
        _section.Dispose();
    }
}
