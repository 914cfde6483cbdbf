namespace Microsoft.ML.PaT;

/// <summary>Decoded images cannot be kept on the disk, or changed there while a run was reading them.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class ImageCacheException(string message, Exception? innerException = null) : PaTException(message, innerException);
