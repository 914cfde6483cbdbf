namespace Microsoft.ML.PaT;

/// <summary>
/// Base class of the exceptions of this library. The message says what is wrong, where, and what to do.
/// </summary>
/// <param name="code">The stable name of the cause, in lower-case words with hyphens.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public abstract class PaTException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>
    /// The stable name of the cause, one of <see cref="ErrorCodes"/> or of a derived type. docs/errors.md lists
    /// meanings and remedies.
    /// </summary>
    public string Code { get; } = code;
}
