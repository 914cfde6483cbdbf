namespace Microsoft.ML.PaT;

/// <summary>The pruning target cannot be reached on this network. The message has the reachable range.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class UnreachableTargetException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
