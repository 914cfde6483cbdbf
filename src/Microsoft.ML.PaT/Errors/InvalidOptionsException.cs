namespace Microsoft.ML.PaT;

/// <summary>Options, a network or a plan are out of range, contradict each other, or do not fit together.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class InvalidOptionsException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
