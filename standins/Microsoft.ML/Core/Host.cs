using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>One component's environment. All hosts of a context share its log and its catalog; each has a generator of its own.</summary>
internal sealed class Host(string fullName, HostShared shared, Random rand) : IHost
{
    private readonly Lock _forking = new();

    public Random Rand { get; } = rand;
    public ComponentCatalog ComponentCatalog => shared.Catalog;
    public string ContextDescription => fullName;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_forking) return new Host($"{fullName}; {name}".TrimStart(';', ' '), shared, new Random(seed ?? Rand.Next()));
    }

    public IChannel Start(string name) => new Channel(Named(name), shared);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(Named(name), shared);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(Named(name), shared);

    public TException Process<TException>(TException ex) where TException : Exception => HostShared.Marked(ex, fullName);

    private string Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return fullName.Length == 0 ? name : $"{fullName}; {name}";
    }
}

/// <summary>What all hosts of one context have in common.</summary>
internal sealed class HostShared
{
    internal ComponentCatalog Catalog { get; } = new();
    internal Action<string, ChannelMessage> Listener { get; init; }

    internal static TException Marked<TException>(TException ex, string component) where TException : Exception
    {
        if (ex is not null) ex.Data["Throwing component"] = component;
        return ex;
    }
}

/// <summary>A pipe of some message type; nothing in this library listens to any but <see cref="ChannelMessage"/>.</summary>
internal class Pipe<TMessage>(string source, HostShared shared) : IPipe<TMessage>
{
    private bool _disposed;

    public string ContextDescription => source;

    public void Send(TMessage msg)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (msg is ChannelMessage message) shared.Listener(source, message);
    }

    public TException Process<TException>(TException ex) where TException : Exception => HostShared.Marked(ex, source);

    public virtual void Dispose() => _disposed = true;
}
