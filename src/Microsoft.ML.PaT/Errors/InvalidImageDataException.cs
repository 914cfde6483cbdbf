namespace Microsoft.ML.PaT;

/// <summary>The images cannot be trained on: none at all, a single class, or more unreadable ones than allowed; the message names the first of them.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidImageDataException(string message, Exception? innerException = null) : PaTException(message, innerException);
