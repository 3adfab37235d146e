using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Squero.MergeRequests;

/// <summary>Draws components to text: what the views of files call back for, they want as HTML.</summary>
internal sealed class RenderPart(HttpContext http) : IAsyncDisposable
{
    private readonly HtmlRenderer renderer = new(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());

    public Task<string> HtmlAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(
            async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());

    public ValueTask DisposeAsync() => renderer.DisposeAsync();
}
