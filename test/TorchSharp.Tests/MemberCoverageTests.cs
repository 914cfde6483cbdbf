using System.Reflection;
using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>Every operator that the stand-in exposes has a case in the file that PyTorch wrote, or a test of its own.</summary>
public class MemberCoverageTests
{
    // Tested by hand: creation and random numbers (TensorTests, RandomTests), gradients (AutogradTests), conversion, ownership, files.
    private static readonly HashSet<string> s_elsewhere =
    [
        .. "Dispose MoveToOuterDisposeScope MoveToOtherDisposeScope DetachFromDisposeScope DecoupleFromNativeHandle UnsafeCreateTensor".Split(),
        .. "Equals GetHashCode ToString ToScalar item data WriteBytesToStream ReadBytesFromStream save load Load".Split(),
        .. "size stride dim numel element_size storage_offset is_contiguous is_integral is_floating_point is_complex is_nonzero is_cpu is_pinned pin_memory".Split(),
        .. "to to_type type type_as cpu cuda bool byte char short int long half bfloat16 float double cfloat cdouble".Split(),
        .. "backward retain_grad requires_grad_ with_requires_grad detach_ index index_put_".Split(),
        .. "bernoulli bernoulli_ multinomial normal_ uniform_ exponential_ poisson".Split(),
    ];

    private static IEnumerable<string> Members(Type type, BindingFlags flags) => type.GetMethods(flags | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName).Select(method => method.Name).Distinct();

    [Test]
    public void EveryMethodOfATensorIsCompared()
    {
        var compared = Golden.Cases.Select(c => c.Member.Split('.')[1]).ToHashSet();
        Assert.That(Members(typeof(Tensor), BindingFlags.Instance).Where(name => !compared.Contains(name) && !s_elsewhere.Contains(name)), Is.Empty);
    }

    [Test]
    public void EveryFunctionIsCompared()
    {
        var compared = Golden.Cases.Select(c => c.Member).ToHashSet();
        Assert.That(Members(typeof(nn.functional), BindingFlags.Static).Where(name => !compared.Contains("functional." + name)), Is.Empty);
    }
}
