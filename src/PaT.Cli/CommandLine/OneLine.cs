using System.Runtime.InteropServices;

namespace PaT.Cli;

/// <summary>An error as one line for people: never a stack trace.</summary>
internal static class OneLine
{
    /// <summary>What to print after <c>error: </c>.</summary>
    /// <param name="exception">What happened.</param>
    public static string Of(Exception exception)
    {
        var cause = exception;
        while (cause is TypeInitializationException or AggregateException or System.Reflection.TargetInvocationException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        // libtorch appends C++ frames to the line that says what happened.
        var isFromLibtorch = cause.GetType() == typeof(ExternalException);
        var text = Of(isFromLibtorch ? cause.Message.Trim().Split('\n', 2)[0] : cause.Message);
        return IsExpected(cause) ? text : $"{cause.GetType().Name}: {text}";
    }

    /// <summary>The lines of a message side by side.</summary>
    /// <param name="message">One line or several.</param>
    public static string Of(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.');

    /// <summary>Errors whose message speaks for itself; the name of any other is worth reporting.</summary>
    private static bool IsExpected(Exception e) => e is PaTException or IOException or UnauthorizedAccessException;
}
