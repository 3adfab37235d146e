using Microsoft.AspNetCore.Http.Metadata;

namespace Squero.Mlflow;

/// <summary>Lifts the server's limit of a body where whoever reads it has a limit of its own.</summary>
internal sealed class AnySize : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}
