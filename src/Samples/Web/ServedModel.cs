namespace PaT.Samples.Web;

/// <summary>The model behind the service. Safe to use from many threads at once.</summary>
internal abstract class ServedModel : IDisposable
{
    /// <summary>Names of the classes, in the order of the scores.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">A native archive (<c>.pat</c>), else a model of ML.NET.</param>
    public static ServedModel Load(string path) =>
        Path.GetExtension(path).Equals(".pat", StringComparison.OrdinalIgnoreCase) ? new ServedArchive(path) : new ServedPipeline(path);

    /// <summary>Scores an image.</summary>
    /// <param name="image">The content of its file.</param>
    /// <returns>The probability of each class.</returns>
    /// <exception cref="InvalidImageDataException">It cannot be read.</exception>
    public abstract float[] Score(byte[] image);

    /// <inheritdoc/>
    public abstract void Dispose();
}
