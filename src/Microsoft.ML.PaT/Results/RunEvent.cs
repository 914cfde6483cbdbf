namespace Microsoft.ML.PaT;

/// <summary>An event of a run. Derived records have the details; other events have only a text.</summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }

    /// <summary>Severity of the event.</summary>
    /// <value>Default <see cref="RunEventSeverity.Information"/>.</value>
    public RunEventSeverity Severity { get; init; }

    /// <summary>The epoch in which it happened. Epochs count from 0, in files and in texts too.</summary>
    /// <value>0 while images are read.</value>
    public int Epoch { get; init; }

    /// <summary>Description of the event: one line, in English.</summary>
    public abstract string Text { get; }
}
