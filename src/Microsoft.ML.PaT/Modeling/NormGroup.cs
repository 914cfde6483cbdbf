using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// A batch-norm with the addition and the activation that follow it, if they are the only readers of their inputs. One
/// kernel may compute all of them.
/// </summary>
/// <param name="Add">The addition of another value; null for none.</param>
/// <param name="Activation">The activation; null for none.</param>
internal sealed record NormGroup(BatchNormLayer Norm, AddLayer? Add, ActivationLayer? Activation)
{
    private static readonly ActivationFunction[] s_joined =
        [ActivationFunction.Relu, ActivationFunction.Relu6, ActivationFunction.HardSwish, ActivationFunction.Silu];

    /// <summary>The layer whose output is that of the group.</summary>
    public Layer Last => (Layer?)Activation ?? (Layer?)Add ?? Norm;

    /// <summary>The norm's input and the value that is added.</summary>
    public IReadOnlyList<string> Inputs =>
        Add is null ? Norm.Inputs : [Norm.Inputs[0], Add.Inputs[Add.Inputs[0] == Norm.Name ? 1 : 0]];

    public IEnumerable<Layer> Layers => new Layer?[] { Norm, Add, Activation }.OfType<Layer>();

    /// <summary>Returns all groups of a network. An addition of two norms belongs to the group of the first.</summary>
    public static IReadOnlyList<NormGroup> Of(NetworkDefinition definition)
    {
        var readers = definition.Layers.SelectMany(layer => layer.Inputs.Select(input => (input, layer)))
            .ToLookup(r => r.input, r => r.layer);
        var added = new HashSet<AddLayer>();
        return
        [
            .. definition
                .Layers.OfType<BatchNormLayer>()
                .Select(norm =>
                {
                    var add = OnlyReader(norm) is AddLayer sum && added.Add(sum) ? sum : null;
                    return new NormGroup(
                        norm,
                        add,
                        OnlyReader((Layer?)add ?? norm) is ActivationLayer next && s_joined.Contains(next.Function)
                            ? next
                            : null);
                }),
        ];

        Layer? OnlyReader(Layer layer) => readers[layer.Name].ToList() is [var reader] ? reader : null;
    }

    /// <summary>Computes the group layer by layer.</summary>
    public torch.Tensor Forward(LayerContext context)
    {
        var output = Norm.Forward(context);
        if (Add is not null) output = output.Plus_(context.Inputs[1]);
        return Activation is null ? output : ActivationLayer.Apply(Activation.Function, output, inPlace: true);
    }
}
