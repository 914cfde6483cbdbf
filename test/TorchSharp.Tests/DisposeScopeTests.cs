namespace TorchSharp.Tests;

/// <summary>Who owns a tensor, by the documented rules of dispose scopes, and the counters that say so.</summary>
public class DisposeScopeTests
{
    private static ThreadDisposeScopeStatistics Statistics => DisposeScopeManager.Statistics;

    [SetUp]
    public void Reset() => Statistics.Reset();

    [Test]
    public void TheInnermostScopeDisposesWhatWasCreatedInIt()
    {
        Tensor inner, outer;
        using (var first = NewDisposeScope())
        {
            outer = ones(2);
            using (var second = NewDisposeScope())
            {
                inner = outer + 1;
                Assert.That(second.DisposablesCount, Is.EqualTo(1));
                Assert.That(second.Contains(inner) && first.Contains(outer));
            }
            Assert.That(inner.IsInvalid, Is.True);
            Assert.That(outer.IsInvalid, Is.False);
        }
        Assert.That(outer.IsInvalid, Is.True);
        Assert.That(Statistics.ThreadTotalLiveCount, Is.Zero);
        Assert.That(Statistics.CreatedInScopeCount, Is.EqualTo(2));
        Assert.That(Statistics.DisposedInScopeCount, Is.EqualTo(2));
    }

    [Test]
    public void AMovedTensorBelongsToTheScopeAround()
    {
        using var outer = NewDisposeScope();
        Tensor kept;
        using (NewDisposeScope()) kept = ones(2).MoveToOuterDisposeScope();
        Assert.That(kept.IsInvalid, Is.False);
        Assert.That(outer.Contains(kept), Is.True);
    }

    [Test]
    public void ADetachedTensorIsNobodysUntilItIsDisposed()
    {
        Tensor free;
        using (NewDisposeScope()) free = ones(2).DetachFromDisposeScope();
        Assert.That(free.IsInvalid, Is.False);
        Assert.That(Statistics.DetachedFromScopeCount, Is.EqualTo(1));
        Assert.That(Statistics.ThreadTotalLiveCount, Is.EqualTo(1));
        free.Dispose();
        Assert.That(Statistics.ThreadTotalLiveCount, Is.Zero);
    }

    [Test]
    public void DisposeEverythingButKeepsWhatIsNamed()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1), c = ones(1);
        scope.DisposeEverythingBut(b);
        Assert.That((a.IsInvalid, b.IsInvalid, c.IsInvalid), Is.EqualTo((true, false, true)));
        Assert.That(scope.DisposablesCount, Is.EqualTo(1));
    }

    [Test]
    public void ADisposedTensorLeavesItsScope()
    {
        using var scope = NewDisposeScope();
        var many = Enumerable.Range(0, 20).Select(_ => ones(1)).ToList();
        foreach (int i in new[] { 3, 19, 0, 7 }) many[i].Dispose();
        many[3].Dispose(); // twice does nothing
        Assert.That(scope.DisposablesCount, Is.EqualTo(16));
        Assert.That(scope.DisposablesView, Is.EquivalentTo(many.Where(t => !t.IsInvalid)));
    }

    [Test]
    public void AttachTakesATensorFromWhereItWas()
    {
        using var outer = NewDisposeScope();
        var tensor = ones(1);
        using var inner = NewDisposeScope();
        inner.Attach(tensor);
        Assert.That((outer.Contains(tensor), inner.Contains(tensor)), Is.EqualTo((false, true)));
        tensor.MoveToOtherDisposeScope(outer);
        Assert.That((outer.Contains(tensor), inner.Contains(tensor)), Is.EqualTo((true, false)));
    }

    [Test]
    public void ScopesThatEndOutOfOrderLeaveTheOthersAlone()
    {
        using var a = NewDisposeScope();
        using var b = NewDisposeScope();
        using var c = NewDisposeScope();
        b.Dispose();
        Assert.That(CurrentDisposeScope, Is.SameAs(c));
        c.Dispose();
        Assert.That(CurrentDisposeScope, Is.SameAs(a));
        Assert.That(() => c.DisposablesCount, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void ScopesArePerThread()
    {
        using var scope = NewDisposeScope();
        DisposeScope? elsewhere = scope;
        Tensor? created = null;
        var thread = new Thread(() =>
        {
            elsewhere = CurrentDisposeScope;
            created = ones(1);
        });
        thread.Start();
        thread.Join();
        Assert.That(elsewhere, Is.Null);
        Assert.That(scope.Contains(created!), Is.False);
        created!.Dispose();
    }

    [Test]
    public void WrappedExpressionReturnsOnlyItsResult()
    {
        using var scope = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => (ones(3) + 1) * 2);
        Assert.That(scope.DisposablesView, Is.EqualTo(new[] { result }));
    }

    [Test]
    public void AParameterTakesThePlaceOfItsTensor()
    {
        using var scope = NewDisposeScope();
        var data = ones(3);
        var parameter = new Modules.Parameter(data);
        Assert.That(data.IsInvalid, Is.True);
        Assert.That(scope.DisposablesView, Is.EqualTo(new[] { parameter }));
    }
}
