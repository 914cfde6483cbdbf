namespace PaT.Samples.Web;

/// <summary>Reads the image of a request. Rejects expensive images before they are decoded.</summary>
internal static class Upload
{
    /// <summary>Bytes that a form adds to its file.</summary>
    public const int FormOverhead = 16 << 10;

    /// <summary>The image: the file of a form, or the whole body.</summary>
    /// <exception cref="RefusedUploadException">The image is missing, too large, in another format, or has too many
    /// pixels.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, UploadLimits limits)
    {
        var file = await ReceiveAsync(request, limits);
        if (file.Length == 0)
        {
            throw new RefusedUploadException(
                StatusCodes.Status400BadRequest,
                "The upload has no image. Send a file as a form's only file, or as the body.");
        }
        if (!ImageDecoder.HasImageContent(file))
        {
            throw new RefusedUploadException(
                StatusCodes.Status415UnsupportedMediaType,
                $"The upload is not an image in the format {ImageDecoder.Formats}.");
        }
        var pixels = ImageDecoder.SizeOf(file) is { } size ? (long)size.Height * size.Width : 0;
        return pixels <= limits.MostPixels ? file : throw TooLarge(FormattableString.Invariant(
            $"The image claims {pixels:N0} pixels; at most {limits.MostPixels:N0} are accepted."));
    }

    private static async Task<byte[]> ReceiveAsync(HttpRequest request, UploadLimits limits)
    {
        var aborted = request.HttpContext.RequestAborted;
        try
        {
            // Other content types are ignored: curl declares any body as a form with text fields.
            const string Form = "multipart/form-data";
            if (request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
                return await ReadAllAsync(request.Body, request.ContentLength ?? 0, limits, aborted);
            var form = await request.ReadFormAsync(aborted);
            if (form.Files.Count > 1)
            {
                throw new RefusedUploadException(
                    StatusCodes.Status400BadRequest,
                    $"The form has {form.Files.Count} files; send one image at a time.");
            }
            if (form.Files.Count == 0) return [];
            await using var file = form.Files[0].OpenReadStream();
            return await ReadAllAsync(file, form.Files[0].Length, limits, aborted);
        }
        catch (BadHttpRequestException e)
        {
            throw e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(limits)
                : new RefusedUploadException(e.StatusCode, e.Message);
        }
        catch (InvalidDataException e)
        {
            // The form is invalid or has too many parts.
            throw new RefusedUploadException(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static async Task<byte[]> ReadAllAsync(
        Stream stream, long expected, UploadLimits limits, CancellationToken cancellation)
    {
        if (expected > limits.MostBytes) throw TooLarge(limits);
        using var content = new MemoryStream((int)expected);
        await stream.CopyToAsync(content, cancellation);
        return content.Length <= limits.MostBytes ? content.ToArray() : throw TooLarge(limits);
    }

    private static RefusedUploadException TooLarge(UploadLimits limits) => TooLarge(FormattableString.Invariant(
        $"The upload is too large; an image may have {limits.MostBytes:N0} bytes."));

    private static RefusedUploadException TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, detail);
}
