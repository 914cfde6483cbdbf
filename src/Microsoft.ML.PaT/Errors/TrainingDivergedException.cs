namespace Microsoft.ML.PaT;

/// <summary>
/// The loss is no longer a finite number; the message gives the step and the learning rate, and what to
/// try.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class TrainingDivergedException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
