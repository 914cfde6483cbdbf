using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>Checks the version of SkiaSharp, which ML.NET uses to decode images.</summary>
internal static class SkiaSharpVersion
{
    private static readonly string? s_problem = ProblemOf(typeof(SKBitmap).Assembly.GetName().Version!);

    /// <summary>Call it before an image is decoded.</summary>
    /// <exception cref="DeviceUnavailableException">ML.NET's <c>MLImage</c> does not work with it.</exception>
    public static void Require()
    {
        if (s_problem is not null) throw new DeviceUnavailableException(ErrorCodes.SkiaSharpUnsupported, s_problem);
    }

    /// <summary>The problem with a version of SkiaSharp's assembly; null for none.</summary>
    internal static string? ProblemOf(Version skiaSharp) => skiaSharp.Major < 3
        ? null
        : $"The application uses SkiaSharp {skiaSharp.ToString(2)}, with which ML.NET 5.0.1 cannot decode images "
            + "(MissingMethodException in MLImage). Reference SkiaSharp 2.88.9 in the application's project, and no "
            + "package that needs SkiaSharp 3 or later.";
}
