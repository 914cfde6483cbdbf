namespace PaT.Samples.Web;

/// <summary>An upload that the service rejects. The client receives problem+json.</summary>
/// <param name="status">The HTTP status, 4xx.</param>
internal sealed class RefusedUploadException(int status, string detail) : Exception(detail)
{
    public int Status => status;
}
