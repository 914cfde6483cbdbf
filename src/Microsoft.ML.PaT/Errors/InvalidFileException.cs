namespace Microsoft.ML.PaT;

/// <summary>
/// A file or folder that the library reads or writes cannot be used: it is damaged, in use, or belongs to another
/// version or run.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class InvalidFileException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
