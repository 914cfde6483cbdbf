namespace PaT.Cli;

/// <summary>A saved model of any kind. It maps images to class probabilities.</summary>
internal abstract class SavedClassifier : IDisposable
{
    /// <summary>Class names in the order of the training keys and scores.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a native archive (<c>.pat</c>), or a file that <c>mlContext.Model.Save</c> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PaTException">The file has no classifier of this library.</exception>
    public static SavedClassifier Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(Directory.Exists(file)
                ? $"{file} is a folder: give the model.zip or model.pat in it"
                : $"there is no model {file}: give the model.zip or model.pat that train or quickstart wrote");
        }
        if (NetworkFile.IsOnnx(file))
        {
            throw new InvalidInputFileException(
                $"{file} is an ONNX model: give the model.zip or model.pat next to it, or convert it to a .pat: "
                + $"pat prune --network {file} --prune-channels 0 --out model.pat");
        }
        return Path.GetExtension(file).Equals(".pat", StringComparison.OrdinalIgnoreCase)
            ? new ArchivedClassifier(file)
            : new PipelineClassifier(file);
    }

    /// <summary>Scores encoded images (JPEG, PNG, GIF, BMP or WebP).</summary>
    /// <returns>The probability of each class, image by image.</returns>
    /// <exception cref="InvalidImageDataException">An image cannot be read.</exception>
    public abstract IEnumerable<float[]> Score(IEnumerable<byte[]> files);

    /// <summary>Scores raw 32x32 images.</summary>
    /// <param name="pixels">Planar RGB, [3,32,32] each.</param>
    /// <returns>The probability of each class, image by image.</returns>
    public abstract IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels);

    public abstract void Dispose();
}
