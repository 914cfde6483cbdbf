using System.Reflection;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// A data view for which ML.NET's <c>ConvertToOnnx</c> throws instead of writing a model without the network.
/// </summary>
/// <remarks>
/// <c>ConvertToOnnx</c> walks back over the views that implement an internal interface of ML.NET, and treats the first
/// other view as the model's input. A <see cref="DispatchProxy"/> can implement that interface: docs/decisions/onnx.md.
/// </remarks>
internal class OnnxConversionGuard : DispatchProxy
{
    private static readonly Type? s_interface =
        typeof(MLContext).Assembly.GetType("Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx");

    private IDataView? _view, _source;

    /// <returns>The view itself if this version of ML.NET does not have the interface.</returns>
    public static IDataView Over(IDataView view, IDataView source)
    {
        if (s_interface is null) return view;
        var guard = (OnnxConversionGuard)Create(s_interface, typeof(OnnxConversionGuard));
        (guard._view, guard._source) = (view, source);
        return (IDataView)(object)guard;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.DeclaringType == typeof(IDataView))
            return targetMethod.Invoke(_view, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        return targetMethod.Name == "get_Source"
            ? _source
            : throw new InvalidOptionsException(
                ErrorCodes.ConvertToOnnxUnsupported,
                "ML.NET's ConvertToOnnx cannot convert an image classifier of Microsoft.ML.PaT. SaveOnnx of its "
                    + "transformer writes the network as an ONNX model; ToOnnxEstimator (package "
                    + "Microsoft.ML.PaT.Onnx) makes a chain of ML.NET's own transformers that scores it.");
    }
}
