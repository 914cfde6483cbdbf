namespace Microsoft.ML.PaT;

/// <summary>The application brings a version of SkiaSharp that ML.NET's images do not work with.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class UnsupportedSkiaSharpException(string message, Exception? innerException = null)
    : PaTException(message, innerException);
