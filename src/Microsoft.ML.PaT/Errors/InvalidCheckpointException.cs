namespace Microsoft.ML.PaT;

/// <summary>A checkpoint is damaged, or is not of the run that wants to go on from it.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidCheckpointException(string message, Exception? innerException = null) : PaTException(message, innerException);
