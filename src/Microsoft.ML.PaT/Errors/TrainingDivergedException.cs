namespace Microsoft.ML.PaT;

/// <summary>
/// The loss is above 10,000, or it or a gradient is not finite. The message has the step, the learning rate, and what
/// to try.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class TrainingDivergedException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
