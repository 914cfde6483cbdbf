namespace Microsoft.ML.PaT;

/// <summary>How serious a <see cref="RunEvent"/> is.</summary>
public enum RunEventSeverity
{
    /// <summary>The run goes as planned.</summary>
    Information,

    /// <summary>Something failed, and the run continues without it; <see cref="RunEvent.Text"/> says what.</summary>
    Warning,
}
