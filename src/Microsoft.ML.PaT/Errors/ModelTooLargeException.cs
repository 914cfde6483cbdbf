namespace Microsoft.ML.PaT;

/// <summary>A model does not fit into the file format asked for; the message says how large it is and how large it may be.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class ModelTooLargeException(string message, Exception? innerException = null) : PaTException(message, innerException);
