using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp.Interop;
using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>The managed and the native half agree: header, imports and exported symbols are the same set, and nothing else is exported.</summary>
public class NativeSurfaceTests
{
    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static string[] Imports => [.. typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        .Select(method => method.Name).Where(name => name.StartsWith("sts_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private static string[] Declared => [.. Regex.Matches(File.ReadAllText(Beside("Surface/api.h")), @"^STS_EXPORT .*?\b(sts_\w+)\(", RegexOptions.Multiline)
        .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];

    [Test]
    public void ImportsAreWhatTheHeaderDeclares() => Assert.That(Imports, Is.EqualTo(Declared));

    [Test]
    public void ParameterCountsAgree()
    {
        var header = Regex.Replace(File.ReadAllText(Beside("Surface/api.h")), @"\s+", " ");
        foreach (var method in typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(m => m.Name.StartsWith("sts_", StringComparison.Ordinal)))
        {
            var parameters = Regex.Match(header, $@"\b{method.Name}\(([^)]*)\)").Groups[1].Value;
            Assert.That(method.GetParameters(), Has.Length.EqualTo(parameters.Length == 0 ? 0 : parameters.Count(c => c == ',') + 1), method.Name);
        }
    }

    [Test]
    public void ExportsAreWhatTheHeaderDeclares()
    {
        var exported = ElfSymbols.Exported(Beside("libtorchsharp_standin.so")).Order(StringComparer.Ordinal).ToArray();
        Assert.That(exported, Is.EqualTo(Declared));
    }

    [Test]
    public void ManagedAndNativeStructuresHaveTheSameSize()
    {
        Assert.That(Marshal.SizeOf<Value>(), Is.EqualTo(16));
        Assert.That(Marshal.SizeOf<TensorInfo>(), Is.EqualTo(56));
    }

    [Test]
    public void AnotherLibtorchIsRefused()
    {
        Assert.That(() => NativeVersion.Require("1.13.0", "PyTorch built with: TORCH_VERSION=2.2.1, USE_CUDA=OFF"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("2.2.1"));
        Assert.That(() => NativeVersion.Require("2.2.0", "PyTorch built with: TORCH_VERSION=2.2.1, USE_CUDA=OFF"), Throws.Nothing);
    }
}
