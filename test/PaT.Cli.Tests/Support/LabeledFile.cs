namespace PaT.Cli.Tests;

/// <summary>A row of a folder of images: where an image lies, and what it shows.</summary>
public sealed class LabeledFile
{
    /// <summary>Path of the image.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Its class: the name of the folder it lies in.</summary>
    public string Label { get; set; } = "";

    /// <summary>The images of a folder that has one folder for each class.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<LabeledFile> In(string folder) =>
        from classFolder in Directory.EnumerateDirectories(Path.GetFullPath(folder)).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(classFolder).Order(StringComparer.Ordinal)
        where ImageFileList.IsImage(file)
        select new LabeledFile { ImagePath = file, Label = Path.GetFileName(classFolder) };
}
