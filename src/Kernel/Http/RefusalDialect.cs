using Microsoft.AspNetCore.Http;

namespace Squero.Kernel;

/// <summary>
/// Endpoint metadata: how refusals are written on this route (MLflow, git …). Routes without one
/// answer as the REST API under /api/ and as an HTML page elsewhere.
/// </summary>
public abstract class RefusalDialect
{
    public abstract Task WriteAsync(HttpContext context, RefusalKind kind, string sentence);
}
