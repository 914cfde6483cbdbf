namespace Microsoft.ML.PaT;

/// <summary>A checkpoint is complete on disk.</summary>
/// <param name="Path">Its file.</param>
public sealed record CheckpointWritten(string Path) : RunEvent
{
    /// <inheritdoc/>
    public override string Text => $"Wrote the checkpoint {Path}.";
}
