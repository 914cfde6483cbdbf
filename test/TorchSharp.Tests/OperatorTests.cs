using System.Reflection;
using System.Text.Json;
using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>Every operator against PyTorch's own results (side_by_side.py).</summary>
public class OperatorTests
{
    private const double Tolerance = 1e-10;

    private static IEnumerable<TestCaseData> Cases() => Golden.Cases.Select((c, i) => new TestCaseData(c).SetName($"{i:000} {c}"));

    [TestCaseSource(nameof(Cases))]
    public void ReturnsWhatPyTorchReturns(GoldenCase golden)
    {
        Assert.That(Run(golden, golden.Member), Is.GreaterThan(0), "no overload takes these arguments");
        // The torch.* form of a tensor's method is another way to write the same call; only where() has another order there.
        if (golden.Member.StartsWith("Tensor.", StringComparison.Ordinal) && golden.Member != "Tensor.where") Run(golden, "torch." + golden.Member["Tensor.".Length..]);
    }

    /// <summary>Calls every overload that takes the arguments, and says how many there were.</summary>
    private static int Run(GoldenCase golden, string member)
    {
        int run = 0;
        foreach (var method in Golden.Overloads(member))
        {
            if (!TryBind(method, golden.Arguments, out var self, out var arguments)) continue;
            run++;
            Compare(golden, Golden.Results(method.Invoke(self, arguments)), method);
            if (golden.After.ValueKind != JsonValueKind.Null) Same(self ?? arguments[0]!, golden.After, "the first argument afterwards");
        }
        return run;
    }

    private static void Compare(GoldenCase golden, IReadOnlyList<object?> results, MethodInfo method)
    {
        var expected = golden.Results;
        Assert.That(results.Count(r => r is not null), Is.GreaterThanOrEqualTo(expected.Length), method.ToString());
        foreach (var (actual, wanted) in results.Zip(expected))
        {
            if (wanted.ValueKind is JsonValueKind.True or JsonValueKind.False) Assert.That(actual, Is.EqualTo(wanted.ValueKind == JsonValueKind.True));
            else Same(actual!, wanted, method.ToString()!);
        }
    }

    private static void Same(object actual, JsonElement expected, string what)
    {
        using var wanted = Golden.ToTensor(expected);
        var tensor = (Tensor)actual;
        Assert.That(tensor.shape, Is.EqualTo(wanted.shape), what);
        Assert.That(tensor.dtype, Is.EqualTo(wanted.dtype), what);
        Assert.That(tensor.Numbers(), Is.EqualTo(wanted.Numbers()).Within(wanted.dtype == ScalarType.Float32 ? 1e-6 : Tolerance), what);
    }

    private static bool TryBind(MethodInfo method, JsonElement[] given, out Tensor? self, out object?[] arguments)
    {
        self = null;
        var parameters = method.GetParameters();
        arguments = new object?[parameters.Length];
        if (method.IsGenericMethod || parameters.Any(p => p.ParameterType.IsByRefLike)) return false;
        int offset = method.IsStatic ? 0 : 1;
        if (given.Length - offset > parameters.Length) return false;
        if (offset == 1 && !Golden.TryConvert(given[0], typeof(Tensor), out var first)) return false;
        else if (offset == 1) self = Golden.ToTensor(given[0]);
        for (int i = 0; i < parameters.Length; i++)
        {
            if (i + offset < given.Length)
            {
                if (!Golden.TryConvert(given[i + offset], parameters[i].ParameterType, out arguments[i])) return false;
            }
            else if (parameters[i].IsOptional) arguments[i] = parameters[i].DefaultValue;
            else if (parameters[i].IsDefined(typeof(ParamArrayAttribute))) arguments[i] = Array.CreateInstance(parameters[i].ParameterType.GetElementType()!, 0);
            else return false;
        }
        return true;
    }
}
