using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT;

/// <summary>An operation of libtorch failed, for example because memory ran out. The message is libtorch's own, without
/// its C++ stack, which the inner exception has.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="innerException">The cause, if another exception is.</param>
public sealed class LibtorchException(string message, Exception? innerException = null)
    : PaTException(message, innerException)
{
    /// <summary>What failed, and the reason that libtorch gives.</summary>
    internal static LibtorchException Of(string what, ExternalException e) =>
        new($"{what} failed in libtorch: {Reason(e)}", e);

    /// <summary>Whether TorchSharp threw it: derived types, such as those of sockets, are not from libtorch.</summary>
    internal static bool IsFromLibtorch(Exception e) => e.GetType() == typeof(ExternalException);

    /// <summary>An exception's message; the first line where libtorch wrote it, because C++ frames follow.</summary>
    internal static string Reason(Exception e) =>
        IsFromLibtorch(e) ? e.Message.Trim().Split('\n', 2)[0].TrimEnd() : e.Message;
}
