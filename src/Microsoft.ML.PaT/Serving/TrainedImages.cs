namespace Microsoft.ML.PaT.Serving;

/// <summary>The images that weights were trained on, as far as their file describes them.</summary>
/// <param name="Classes">Names of the classes in the order of the outputs.</param>
/// <param name="Shape">[C,H,W].</param>
internal sealed record TrainedImages(
    IReadOnlyList<string>? Classes = null, ImageShape? Shape = null, ImageResizing Resizing = ImageResizing.Fill);
