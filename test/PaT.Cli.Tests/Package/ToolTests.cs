using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PaT.Cli.Tests;

public sealed class ToolTests
{
    [Test, Category("Long")]
    public void The_tool_is_installed_from_a_folder_and_trains()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "nuget.config",
            """
            <configuration>
              <packageSources><clear /><add key="local" value="packages" /></packageSources>
            </configuration>
            """);
        // One build node, so that none outlives the folder.
        Run(
            folder,
            "dotnet",
            "pack",
            Path.Combine(Root(), "src/PaT.Cli"),
            "-m:1",
            "-c",
            "Release",
            "-o",
            folder.File("packages"));
        Run(
            folder, "dotnet", "tool", "install", "PaT.Cli", "--tool-path", folder.File("tools"), "--configfile",
            folder.File("nuget.config"));
        Run(
            folder, folder.File("tools/pat"), "train", "--network", "resnet8", "--data", "shapes", "--limit", "200",
            "--epochs", "2", "--policy", "epoch:1", "--batch", "32", "--device", "cpu", "--threads", "1", "--out",
            folder.File("out"));
        Assert.That(File.Exists(folder.File("out/model.zip")) && File.Exists(folder.File("out/compact.onnx")));
    }

    private static void Run(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
            // The tool's packages stay out of the user's cache.
            Environment = { ["DOTNET_CLI_HOME"] = folder.Path, ["DOTNET_NOLOGO"] = "1" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}{error.Result}");
    }

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
