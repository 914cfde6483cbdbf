using NUnit.Framework.Interfaces;

namespace TorchSharp.Tests.Support;

/// <summary>Every test runs in a dispose scope of its own, so that it leaves no tensor behind.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LeakCheckAttribute : Attribute, ITestAction
{
    [ThreadStatic] private static Stack<DisposeScope>? t_scopes;

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => (t_scopes ??= []).Push(NewDisposeScope());

    public void AfterTest(ITest test) => t_scopes!.Pop().Dispose();
}
