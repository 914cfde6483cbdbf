using System.CommandLine;
using System.Runtime.InteropServices;

namespace PaT.Cli;

/// <summary>An exception as one line, without a stack trace.</summary>
internal static class OneLine
{
    /// <summary>The text after <c>error: </c>.</summary>
    /// <param name="parsed">The command line that caused it; null for none.</param>
    public static string Of(Exception exception, ParseResult? parsed = null)
    {
        var cause = exception;
        while (IsWrapper(cause) && cause.InnerException is { } inner) cause = inner;

        // libtorch appends C++ frames to the line with the message.
        var isFromLibtorch = cause.GetType() == typeof(ExternalException);
        var text = Of(isFromLibtorch ? cause.Message.Trim().Split('\n', 2)[0] : OptionNames.In(cause.Message, parsed));
        // The name of an unexpected exception is worth reporting.
        var isExpected = cause is PaTException or IOException or UnauthorizedAccessException;
        return isExpected ? text : $"{cause.GetType().Name}: {text}";
    }

    /// <summary>Joins the lines of a message.</summary>
    public static string Of(string message)
    {
        const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return string.Join(' ', message.Split(['\r', '\n'], Clean)).TrimEnd('.');
    }

    private static bool IsWrapper(Exception e) =>
        e is TypeInitializationException or AggregateException or System.Reflection.TargetInvocationException;
}
