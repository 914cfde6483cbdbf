namespace Microsoft.ML.PaT.Modeling;

/// <summary>The JSON of a <see cref="NetworkDefinition"/>.</summary>
internal sealed record NetworkDocument(int Version, string Name, ImageShape Input, IReadOnlyList<Layer> Layers);
