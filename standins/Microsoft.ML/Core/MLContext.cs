using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The starting point: catalogs of operations, a log, and one seed for all that is random.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly Host _host;
    private readonly ConcurrentDictionary<string, object> _options = new();

    public MLContext(int? seed = null)
    {
        _host = new("", new HostShared { Listener = Publish }, seed is int s ? new Random(s) : new Random());
        Seed = seed;
        Data = new(this);
        Transforms = new(this);
        MulticlassClassification = new(this);
        Model = new(this);
    }

    internal int? Seed { get; }

    public DataOperationsCatalog Data { get; }
    public TransformsCatalog Transforms { get; }
    public MulticlassClassificationCatalog MulticlassClassification { get; }
    public ModelOperationsCatalog Model { get; }
    public ComponentCatalog ComponentCatalog => _host.ComponentCatalog;

    public int? GpuDeviceId { get; set; }
    public bool FallbackToCpu { get; set; } = true;
    public string TempFilePath { get; set; } = Path.GetTempPath();

    public event EventHandler<LoggingEventArgs> Log;

    private void Publish(string source, ChannelMessage message) => Log?.Invoke(this, new(message.Message, message.Kind, source));

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(Named(name), value);
    public void SetOption<T>(string name, T value) => _options[Named(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        bool found = _options.TryGetValue(Named(name), out var held) && held is T;
        value = found ? (T)held : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name) => (T)_options.GetOrAdd(Named(name), default(T));
    public bool RemoveOption(string name) => _options.TryRemove(Named(name), out _);

    private static string Named(string name) => string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _host.Register(name, seed, verbose);
    IChannel IChannelProvider.Start(string name) => _host.Start(name);
    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _host.StartPipe<TMessage>(name);
    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _host.StartProgressChannel(name);
    TException IExceptionContext.Process<TException>(TException ex) => _host.Process(ex);
    string IExceptionContext.ContextDescription => "MLContext";
}
