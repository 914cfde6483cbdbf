namespace Microsoft.ML.PaT;

/// <summary>
/// A file or a folder that the library reads or writes cannot be used: it is damaged, of another version, of another
/// run, or in use.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class InvalidFileException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
