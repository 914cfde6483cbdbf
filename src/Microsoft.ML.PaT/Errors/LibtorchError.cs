using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Errors;

internal static class LibtorchError
{
    public static DeviceUnavailableException Of(string what, ExternalException e) =>
        new(ErrorCodes.LibtorchFailed, $"{what} failed in libtorch: {Reason(e)}", e);

    // Derived types, such as those of sockets, are not from libtorch.
    public static bool IsFromLibtorch(Exception e) => e.GetType() == typeof(ExternalException);

    // libtorch appends C++ frames to the line that says what happened.
    public static string Reason(Exception e) =>
        IsFromLibtorch(e) ? e.Message.Trim().Split('\n', 2)[0].TrimEnd() : e.Message;
}
