using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Measures single layers on a device.</summary>
internal interface ILayerTimer
{
    /// <summary>Everything that affects a measurement besides machine and layer; part of the cache key.</summary>
    string Conditions { get; }

    /// <summary>The layers of a network that take time of their own.</summary>
    IEnumerable<Layer> Layers(NetworkDefinition network);

    /// <summary>Median milliseconds.</summary>
    /// <param name="inputs">The shapes of its inputs, [C,H,W].</param>
    double Milliseconds(Layer layer, IReadOnlyList<ImageShape> inputs);
}
