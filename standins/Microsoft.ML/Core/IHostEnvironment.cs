namespace Microsoft.ML.Runtime;

/// <summary>Where components get channels, progress, and hosts of their own from.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    IHost Register(string name, int? seed = null, bool? verbose = null);
    ComponentCatalog ComponentCatalog { get; }
}

/// <summary>The environment of one component.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
