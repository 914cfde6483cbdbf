namespace Microsoft.ML.PaT;

/// <summary>A checkpoint is damaged, or is not of the run that wants to go on from it.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidCheckpointException(string message, Exception? innerException = null) : PaTException(message, innerException)
{
    /// <summary>Whether the file itself is bad, so that the one before it may serve; one of another version is whole.</summary>
    internal bool IsDamaged { get; init; }
}
