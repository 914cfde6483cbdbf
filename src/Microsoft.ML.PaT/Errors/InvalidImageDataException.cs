namespace Microsoft.ML.PaT;

/// <summary>The columns or the images of the data cannot be used.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class InvalidImageDataException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
