using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Tests.Hosts;

public class SharedLifetimeTests
{
    private int _freed;

    [SetUp]
    public void Nothing_is_freed() => _freed = 0;

    [Test]
    public void Disposal_frees_at_once_where_no_call_is_under_way()
    {
        var lifetime = new SharedLifetime(this, () => _freed++);
        lifetime.Begin().Dispose();
        Assert.That(_freed, Is.Zero);
        lifetime.Dispose();
        lifetime.Dispose();
        Assert.That(_freed, Is.EqualTo(1));
    }

    [Test]
    public void Last_of_the_calls_under_way_frees()
    {
        var lifetime = new SharedLifetime(this, () => _freed++);
        var (first, second) = (lifetime.Begin(), lifetime.Begin());
        lifetime.Dispose();
        first.Dispose();
        Assert.That(_freed, Is.Zero);
        second.Dispose();
        Assert.That(_freed, Is.EqualTo(1));
    }

    [Test]
    public void Calls_after_disposal_are_refused_by_the_name_of_the_owner()
    {
        var lifetime = new SharedLifetime(this, () => _freed++);
        var call = lifetime.Begin();
        lifetime.Dispose();
        Assert.That(
            () => lifetime.Begin(),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains(nameof(SharedLifetimeTests)));
        call.Dispose();
        Assert.That(_freed, Is.EqualTo(1));
    }
}
