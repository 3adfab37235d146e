using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;

namespace Squero.Tests.Architecture;

/// <summary>Every endpoint of the running product says who may call it.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    // What the world may call. A new entry here is a decision: say why.
    private static readonly string[] Open =
    [
        "/health", "/ready", // load balancers
        "/-/sign-in", "/-/sign-out", "/-/setup/{token}", "/-/setup/{Token}", // before one is somebody
        "/api/v4/uploads/{id}/{number:int}", // the key in the address says who may
        "/api/v4", // clients look for rate limits before they sign in
    ];

    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public void Every_endpoint_declares_exactly_one_access_rule()
    {
        var wrong = Endpoints().Where(endpoint => endpoint.Metadata.OfType<IAccessRule>().Count() != 1)
            .Select(endpoint => $"{endpoint.DisplayName}: {endpoint.Metadata.OfType<IAccessRule>().Count()} rules");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_known_addresses_are_open_to_all()
    {
        var surprising = Endpoints()
            .Where(endpoint => endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null)
            .Select(Pattern)
            .Where(pattern => !Open.Contains(pattern) && !IsStatic(pattern) && !ChecksItsOwnToken(pattern));
        Assert.Empty(surprising);
    }

    [Fact]
    public async Task Anonymous_callers_get_nothing_but_the_open_addresses()
    {
        using var client = server.Anonymous();
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is null))
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.FirstOrDefault() ?? "GET";
            using var request = new HttpRequestMessage(new HttpMethod(method), Address(endpoint));
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(
                (int)answer.StatusCode is 401 or 302 or 404 or 400,
                $"{method} {Address(endpoint)} answered {(int)answer.StatusCode} to a stranger");
            if ((int)answer.StatusCode == 302)
            {
                Assert.StartsWith("/-/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
            }
        }
    }

    // The framework's own, which it offers no way to mark: without a rule the gate keeps them closed.
    private IEnumerable<RouteEndpoint> Endpoints() =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.DisplayName is not ("Blazor Opaque Redirection" or "Fallback {**path:file}"));

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>The address people would use for a route, with something plausible in its holes.</summary>
    private static string Address(RouteEndpoint endpoint)
    {
        var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart hole => hole.Name.Equals("project", StringComparison.OrdinalIgnoreCase) ? "nobody~nothing" : "1",
            _ => "",
        }))));
        return path.StartsWith("project/nobody~nothing", StringComparison.Ordinal)
            ? "/nobody/nothing" + (path.Length > 22 ? "/-/" + path[23..] : "")
            : path.StartsWith("namespace/", StringComparison.Ordinal) ? "/nobody" : "/" + path;
    }

    private static bool IsStatic(string pattern) =>
        pattern.StartsWith("/_content/", StringComparison.Ordinal) || pattern.StartsWith("/_framework/", StringComparison.Ordinal)
        || pattern.StartsWith("/css/", StringComparison.Ordinal) || pattern.StartsWith("/-/ui", StringComparison.Ordinal)
        || pattern.StartsWith("/squero", StringComparison.OrdinalIgnoreCase) || pattern.StartsWith("/build/", StringComparison.Ordinal);

    /// <summary>Routes of machines: git, runners and jobs find out who calls from the token in the request itself.</summary>
    private static bool ChecksItsOwnToken(string pattern) =>
        pattern.StartsWith("/git/", StringComparison.Ordinal) || pattern.StartsWith("/api/v4/runners", StringComparison.Ordinal)
        || pattern.StartsWith("/api/v4/jobs/", StringComparison.Ordinal) || pattern == "/api/v4/job";
}
