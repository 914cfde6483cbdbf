namespace Microsoft.ML.PaT;

/// <summary>
/// Training in several processes cannot start or continue: MPI is missing or does not fit its launcher, the ranks have
/// different inputs, or a rank is lost or hangs.
/// </summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class DistributedTrainingException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
