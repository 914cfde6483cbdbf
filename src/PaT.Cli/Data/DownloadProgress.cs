namespace PaT.Cli;

/// <summary>Reports the progress of a download in steps of a tenth.</summary>
/// <param name="say">Receives the lines.</param>
internal sealed class DownloadProgress(Action<string> say)
{
    private long _shown = -1;

    /// <param name="arrived">Bytes.</param>
    /// <param name="total">Bytes. Null if the server does not report it; the step is then 16 MB.</param>
    public void Show(long arrived, long? total)
    {
        var step = total is > 0 ? 10 * arrived / total.Value : arrived >> 24;
        if (step <= _shown) return;
        _shown = step;
        var all = total is > 0 ? FormattableString.Invariant($" of {total / 1e6:F0} MB") : "";
        say(FormattableString.Invariant($"  {arrived / 1e6:F0} MB{all}"));
    }
}
