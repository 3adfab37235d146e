using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Squero.Ui;

/// <summary>The gallery: every component in every state, for those who build pages and for the browser tests.</summary>
internal static class GalleryEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.AllowAnonymous();
        group.MapGet("", () => new RazorComponentResult<GalleryPage>());
    }
}
