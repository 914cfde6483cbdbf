namespace Microsoft.ML.PaT;

/// <summary>A network definition is inconsistent; the message names the layer.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidNetworkException(string message, Exception? innerException = null) : PaTException(message, innerException);
