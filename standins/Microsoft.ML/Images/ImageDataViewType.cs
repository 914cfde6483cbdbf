using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Pictures of one size, or (0 x 0) of any.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    public readonly int Height;
    public readonly int Width;

    public ImageDataViewType() : base(typeof(MLImage)) { }

    public ImageDataViewType(int height, int width) : base(typeof(MLImage))
    {
        if (height <= 0) throw new ArgumentOutOfRangeException(nameof(height), height, "Must be positive.");
        if (width <= 0) throw new ArgumentOutOfRangeException(nameof(width), width, "Must be positive.");
        if ((long)height * width > int.MaxValue / 4) throw new ArgumentOutOfRangeException(nameof(height), "height * width is too large.");
        Height = height;
        Width = width;
    }

    public override bool Equals(DataViewType other) => other is ImageDataViewType image && image.Height == Height && image.Width == Width;
    public override int GetHashCode() => HashCode.Combine(Height, Width);
    public override string ToString() => Height == 0 && Width == 0 ? "Image" : $"Image<{Height}, {Width}>";
}

/// <summary>Makes an <see cref="MLImage"/> member a column of pictures of the given size.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    public ImageTypeAttribute() { }

    public ImageTypeAttribute(int height, int width)
    {
        if (width <= 0) throw new ArgumentOutOfRangeException(nameof(width), width, "Must be positive.");
        if (height <= 0) throw new ArgumentOutOfRangeException(nameof(height), height, "Must be positive.");
        _height = height;
        _width = width;
    }

    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(_height, _width), typeof(MLImage), this);
    public override bool Equals(DataViewTypeAttribute other) => other is ImageTypeAttribute image && image._height == _height && image._width == _width;
    public override int GetHashCode() => HashCode.Combine(_height, _width);
}
