using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Errors;

internal static class LibtorchError
{
    public static DeviceUnavailableException Of(string what, ExternalException e) =>
        new(ErrorCodes.LibtorchFailed, $"{what} failed in libtorch: {Reason(e)}", e);

    // Derived types, such as socket exceptions, do not come from libtorch.
    public static bool IsFromLibtorch(Exception e) => e.GetType() == typeof(ExternalException);

    // libtorch appends C++ stack frames to the line with the message.
    public static string Reason(Exception e) =>
        IsFromLibtorch(e) ? e.Message.Trim().Split('\n', 2)[0].TrimEnd() : e.Message;
}
