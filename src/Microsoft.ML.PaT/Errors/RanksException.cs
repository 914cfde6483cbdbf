namespace Microsoft.ML.PaT;

/// <summary>Processes that were to train together cannot go on: one is missing, was lost or hangs, or they do not agree. Every one of them ends with such an error, and the message names the rank.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class RanksException(string message, Exception? innerException = null) : PaTException(message, innerException);
