namespace PaT.Samples.Web;

/// <summary>An upload that the service refuses; the client receives problem+json.</summary>
/// <param name="status">The HTTP status, 4xx.</param>
/// <param name="detail">What is wrong and what would be right.</param>
internal sealed class RefusedUploadException(int status, string detail) : Exception(detail)
{
    public int Status => status;
}
