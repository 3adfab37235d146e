using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Squero.Tests.Ui;

/// <summary>Draws one component as the server does.</summary>
internal static class RenderedComponent
{
    public static async Task<string> Of<TComponent>(Dictionary<string, object?> parameters, Action<IServiceCollection>? add = null)
        where TComponent : IComponent
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        add?.Invoke(services);
        await using var provider = services.BuildServiceProvider();
        await using var renderer = new HtmlRenderer(provider, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
