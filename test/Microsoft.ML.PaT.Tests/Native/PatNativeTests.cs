using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The native library: there is one where libtorch's headers are, and its two halves declare the same functions.</summary>
public class PatNativeTests
{
    [SetUp]
    public void Available() => NativeSupport.Require();

    [Test]
    public void Both_halves_declare_the_same_functions()
    {
        var header = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Native", "api.h"));
        var declared = Regex.Matches(header, @"PAT_EXPORT [\w ]+\*? ?(pat_\w+)\(([^)]*)\);")
            .Select(m => $"{m.Groups[1].Value}/{(m.Groups[2].Value.Length == 0 ? 0 : m.Groups[2].Value.Split(',').Length)}");
        var imported = typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(m => m.Name.StartsWith("pat_", StringComparison.Ordinal))
            .Select(m => $"{m.Name}/{m.GetParameters().Length}");
        Assert.That(imported, Is.EquivalentTo(declared));
    }

    [Test]
    public void Every_declared_function_is_exported()
    {
        var library = NativeLibrary.Load(Path.Combine(TestContext.CurrentContext.TestDirectory, "libpat_native.so"));
        foreach (var method in typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(m => m.Name.StartsWith("pat_", StringComparison.Ordinal)))
        {
            Assert.That(NativeLibrary.TryGetExport(library, method.Name, out _), Is.True, method.Name);
        }
    }

    [Test]
    public void A_failed_call_says_in_libtorchs_words_what_went_wrong()
    {
        Assert.That(
            () => PatNative.Check(NativeMethods.pat_store_open("127.0.0.1", 1, serves: 0, timeout: 1, out _)),
            Throws.InstanceOf<ExternalException>().With.Message.Contains("127.0.0.1"));
    }
}
