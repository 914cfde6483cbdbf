namespace Microsoft.ML.PaT;

/// <summary>How serious a <see cref="RunEvent"/> is.</summary>
public enum RunEventSeverity
{
    /// <summary>Normal progress of the run.</summary>
    Information,

    /// <summary>Something failed, and the run continues without it; <see cref="RunEvent.Text"/> has the
    /// reason.</summary>
    Warning,
}
