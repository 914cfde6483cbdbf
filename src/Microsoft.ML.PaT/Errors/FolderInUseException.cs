namespace Microsoft.ML.PaT;

/// <summary>Another run uses the folder.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class FolderInUseException(string message, Exception? innerException = null) : PaTException(message, innerException);
