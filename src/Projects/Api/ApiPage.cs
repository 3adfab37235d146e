using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>The paging headers of a REST list: X-Page and its kin, and Link with absolute addresses.</summary>
public static class ApiPage
{
    public static PageRequest Request(HttpContext context) =>
        PageRequest.From(context.Request.Query["page"], context.Request.Query["per_page"]);

    public static IReadOnlyList<TOut> Write<TIn, TOut>(HttpContext context, ServerAddress address, Page<TIn> page, Func<TIn, TOut> shape)
    {
        var (number, size) = page.Request;
        var last = (int)Math.Max(1, (page.Total + size - 1) / size);
        var headers = context.Response.Headers;
        headers["X-Page"] = Text(number);
        headers["X-Per-Page"] = Text(size);
        headers["X-Next-Page"] = page.HasNext ? Text(number + 1) : "";
        headers["X-Prev-Page"] = number > 1 ? Text(number - 1) : "";
        headers["X-Total"] = page.Total.ToString(CultureInfo.InvariantCulture);
        headers["X-Total-Pages"] = Text(last);
        var links = new List<string> { Link(1, "first"), Link(last, "last") };
        if (number > 1)
        {
            links.Add(Link(number - 1, "prev"));
        }

        if (page.HasNext)
        {
            links.Add(Link(number + 1, "next"));
        }

        headers.Link = string.Join(", ", links);
        return [.. page.Rows.Select(shape)];

        string Link(int target, string relation)
        {
            var query = new QueryBuilder(context.Request.Query.Where(pair => pair.Key is not ("page" or "per_page" or "private_token"))
                .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")))
            {
                { "page", Text(target) },
                { "per_page", Text(size) },
            };
            return $"<{address.Link(context.Request.Path.ToUriComponent())}{query}>; rel=\"{relation}\"";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
