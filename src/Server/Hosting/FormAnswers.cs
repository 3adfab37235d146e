namespace Squero.Server;

/// <summary>
/// Forms that the page's script sends stay where they are until the server has agreed: instead of a redirect, whose aim a script
/// cannot read, they get an address to go to, and a refusal is its sentence alone.
/// </summary>
internal static class FormAnswers
{
    private const string Header = "Squero-Form";
    private const string Aim = "Squero-Location";

    /// <summary>A form that waits on its page for the answer.</summary>
    public static bool IsInPlace(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Headers[Header] == "in-place";

    public static void UseFormAnswers(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsInPlace(context.Request))
        {
            context.Response.OnStarting(TellAsync, context.Response);
        }

        return next(context);
    });

    private static Task TellAsync(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode is StatusCodes.Status302Found or StatusCodes.Status303SeeOther && response.Headers.Location.ToString() is { Length: > 0 } address)
        {
            response.Headers.Remove("Location");
            response.Headers[Aim] = address;
            response.StatusCode = StatusCodes.Status204NoContent;
        }

        return Task.CompletedTask;
    }
}
