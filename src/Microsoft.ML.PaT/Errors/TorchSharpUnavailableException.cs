namespace Microsoft.ML.PaT;

/// <summary>TorchSharp or its native libtorch cannot be loaded, or is older than this library needs; the message says
/// why and what to do.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class TorchSharpUnavailableException(string message, Exception? innerException = null)
    : PaTException(message, innerException);
