namespace Microsoft.ML;

/// <summary>Where the extension methods that make estimators hang.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog(MLContext context)
    {
        Context = context;
        Conversion = new(context);
    }

    internal MLContext Context { get; }

    public ConversionTransforms Conversion { get; }

    /// <summary>Where the conversions hang.</summary>
    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(MLContext context) => Context = context;
        internal MLContext Context { get; }
    }
}
