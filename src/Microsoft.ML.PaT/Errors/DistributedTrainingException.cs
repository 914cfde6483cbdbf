namespace Microsoft.ML.PaT;

/// <summary>
/// Distributed training cannot start or continue: MPI is missing or does not match its launcher, the inputs of the
/// ranks differ, or a rank is lost or hangs.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class DistributedTrainingException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
