namespace Microsoft.ML.PaT;

/// <summary>The pruning target cannot be reached on this network; the message gives the reachable range.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class UnreachableTargetException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
