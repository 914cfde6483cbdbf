using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests.Package;

internal static class Commands
{
    /// <summary>Runs <c>dotnet</c>, which must succeed.</summary>
    public static string Dotnet(string folder, params string[] arguments)
    {
        var (code, output) = Run("dotnet", folder, arguments);
        Assert.That(code, Is.Zero, $"dotnet {string.Join(' ', arguments)}: {output}");
        return output;
    }

    /// <returns>Exit code and output.</returns>
    public static (int Code, string Output) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The test host sets variables that a user's shell does not have.
        foreach (var name in start.Environment.Keys.Where(IsOfTheHost).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static bool IsOfTheHost(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.Ordinal);
}
