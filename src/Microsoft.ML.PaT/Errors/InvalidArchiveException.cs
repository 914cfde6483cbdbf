namespace Microsoft.ML.PaT;

/// <summary>A saved model is truncated, damaged, or of a version that this library cannot read.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidArchiveException(string message, Exception? innerException = null) : PaTException(message, innerException);
