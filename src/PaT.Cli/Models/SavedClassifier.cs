namespace PaT.Cli;

/// <summary>A saved model, whichever way it was saved: images in, class probabilities out.</summary>
internal abstract class SavedClassifier : IDisposable
{
    /// <summary>Names of the classes, in training-key order, the order of scores.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="file">A native archive (<c>.pat</c>), else a file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="PaTException">It holds no classifier of this library.</exception>
    public static SavedClassifier Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"there is no model {file}: give the model.zip or model.pat that train or quickstart wrote");
        }

        return Path.GetExtension(file).Equals(".pat", StringComparison.OrdinalIgnoreCase) ? new ArchivedClassifier(file) : new PipelineClassifier(file);
    }

    /// <summary>Scores encoded images (JPEG, PNG, GIF, BMP or WebP).</summary>
    /// <param name="files">The contents of their files.</param>
    /// <returns>The probability of each class, an image at a time, in their order.</returns>
    /// <exception cref="InvalidImageDataException">An image cannot be read.</exception>
    public abstract IEnumerable<float[]> Score(IEnumerable<byte[]> files);

    /// <summary>Scores raw 32x32 images.</summary>
    /// <param name="pixels">Planar RGB, [3,32,32] each.</param>
    /// <returns>The probability of each class, an image at a time, in their order.</returns>
    public abstract IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels);

    /// <inheritdoc/>
    public abstract void Dispose();
}
