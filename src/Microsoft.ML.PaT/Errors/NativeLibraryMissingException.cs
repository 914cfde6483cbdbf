namespace Microsoft.ML.PaT;

/// <summary>Something was asked for that the library's own native part does (<c>libpat_native.so</c>), and that part is absent, or does not fit the libtorch in use.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class NativeLibraryMissingException(string message, Exception? innerException = null) : PaTException(message, innerException);
