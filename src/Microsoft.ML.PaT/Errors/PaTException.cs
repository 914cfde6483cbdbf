namespace Microsoft.ML.PaT;

/// <summary>The base of the errors of this library. The message says what is wrong, where, and what to do.</summary>
/// <param name="code">The stable name of the cause, in lower-case words with hyphens.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public abstract class PaTException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>
    /// The stable name of the cause: one of <see cref="ErrorCodes"/>, or that of a derived type. docs/errors.md lists
    /// meanings and cures.
    /// </summary>
    public string Code { get; } = code;
}
