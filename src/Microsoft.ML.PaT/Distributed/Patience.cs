namespace Microsoft.ML.PaT;

/// <summary>How <see cref="DistributedOptions.Timeout"/> is shared out, so that what goes wrong has been noticed, judged and told to every rank before it is over.</summary>
/// <param name="timeout">The whole of it.</param>
internal readonly struct Patience(TimeSpan timeout)
{
    /// <summary>For ranks to come together at the start.</summary>
    public TimeSpan Whole => timeout;

    /// <summary>For one collective: half of it.</summary>
    public TimeSpan Collective => timeout / 2;

    /// <summary>Without a sign of life, a rank counts as lost: a quarter of it. As long again is waited, when ranks are in trouble, to see which ones are not.</summary>
    public TimeSpan Silence => timeout / 4;

    /// <summary>Between two signs of life.</summary>
    public TimeSpan Beat => TimeSpan.FromSeconds(Math.Clamp(timeout.TotalSeconds / 40, 0.05, 1));
}
