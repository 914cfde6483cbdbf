namespace Microsoft.ML.PaT;

/// <summary>A GPU or a native library cannot be used, or an operation of libtorch failed.</summary>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The exception that caused this one; null for none.</param>
public sealed class DeviceUnavailableException(string code, string message, Exception? innerException = null)
    : PaTException(code, message, innerException);
