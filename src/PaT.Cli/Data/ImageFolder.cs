namespace PaT.Cli;

/// <summary>A folder with one folder per class, optionally below <c>train/</c> and <c>test/</c>.</summary>
internal static class ImageFolder
{
    /// <summary>Lists the images; their content is read when training asks for it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="InvalidImageDataException">Nothing that can be trained on.</exception>
    public static LabeledImages Open(string folder) =>
        ImageFileList.ToSet(folder, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), ReaderOf(file))));

    private static Func<byte[]> ReaderOf(string file) => () => File.ReadAllBytes(file);
}
