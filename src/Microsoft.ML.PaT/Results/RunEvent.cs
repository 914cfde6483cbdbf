namespace Microsoft.ML.PaT;

/// <summary>Something that happened in a run. The derived records carry the details; others have a text only.</summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }

    /// <summary>How serious it is.</summary>
    /// <value>Default <see cref="RunEventSeverity.Information"/>.</value>
    public RunEventSeverity Severity { get; init; }

    /// <summary>The epoch in which it happened. Epochs count from 0, in files and in texts too.</summary>
    /// <value>0 while images are read.</value>
    public int Epoch { get; init; }

    /// <summary>What happened: one line, in English.</summary>
    public abstract string Text { get; }
}
