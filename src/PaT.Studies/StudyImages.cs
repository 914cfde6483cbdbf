namespace PaT.Studies;

/// <summary>Images of a study.</summary>
/// <param name="Path">Folder or archive: the <c>--data</c> of each cell.</param>
/// <param name="Fingerprint">16 hexadecimal digits that change with any image, label or choice of images.</param>
/// <param name="Name">Name of the data set, such as <c>CIFAR-10</c>.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Test">Number of test images.</param>
/// <param name="Side">Height and width of all images in pixels; null if they differ.</param>
public sealed record StudyImages(string Path, string Fingerprint, string Name, int Classes, int Test, int? Side);
