using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>One setting of an application around the library, until it is disposed.</summary>
internal sealed class HostSettings : IDisposable
{
    public static readonly string[] All =
        ["float64", "threads", "noGrad", "inference", "generator", "culture", "disposeScope"];

    private readonly Stack<Action> _undo = new();

    public HostSettings(string setting)
    {
        switch (setting)
        {
            case "float64":
                torch.set_default_dtype(torch.float64);
                _undo.Push(() => torch.set_default_dtype(torch.float32));
                break;
            case "threads":
                _undo.Push(new ThreadScope(torch.get_num_threads() + 1).Dispose);
                break;
            case "noGrad":
                _undo.Push(torch.no_grad().Dispose);
                break;
            case "inference":
                _undo.Push(torch.inference_mode().Dispose);
                break;
            case "generator":
                torch.manual_seed(12345);
                break;
            case "culture":
                var before = CultureInfo.CurrentCulture;
                CultureInfo.CurrentCulture = Strange();
                _undo.Push(() => CultureInfo.CurrentCulture = before);
                break;
            case "disposeScope":
                _undo.Push(torch.NewDisposeScope().Dispose);
                break;
        }
    }

    /// <summary>All that an application can have set.</summary>
    public static string Now =>
        string.Join(
            ", ",
            torch.get_default_dtype(),
            torch.get_num_threads(),
            torch.is_grad_enabled(),
            torch.is_inference_mode_enabled(),
            Generator(),
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator);

    public void Dispose()
    {
        while (_undo.TryPop(out var undo)) undo();
    }

    private static string Generator()
    {
        using var state = torch.get_rng_state();
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(state.bytes));
    }

    private static CultureInfo Strange()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = "§";
        culture.NumberFormat.NumberGroupSeparator = "§";
        culture.NumberFormat.PercentDecimalSeparator = "§";
        culture.NumberFormat.NegativeSign = "¬";
        return culture;
    }
}
