namespace Squero.Server;

/// <summary>
/// Names JSON as <c>application/json</c> and nothing after it: JSON has no charset (RFC 8259), and clients compare the whole text
/// (python-gitlab before 4.0 takes anything else for no JSON at all).
/// </summary>
internal sealed class PlainJson(RequestDelegate next)
{
    private const string Json = "application/json";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(Simplify, context.Response);
        return next(context);
    }

    private static Task Simplify(object state)
    {
        var response = (HttpResponse)state;
        if (response.ContentType?.StartsWith(Json + ";", StringComparison.Ordinal) == true)
        {
            response.ContentType = Json;
        }

        return Task.CompletedTask;
    }
}
